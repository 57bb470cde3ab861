// The shells' side of completion: each script asks berth itself what may come next.

const BASH = `# Completion of berth for bash. Load it by:  source <(berth completion bash)
# bash takes words apart at : and =, so they are put together again, and candidates begin where bash's own word begins.
_berth() {
  local IFS=$'\\n' rest="\${COMP_LINE:0:COMP_POINT}" words=() text typed part i
  local breaks="\${COMP_WORDBREAKS//[^:=]/}"
  for ((i = 0; i <= COMP_CWORD; i++)); do
    text="\${rest#"\${rest%%[! ]*}"}"
    if [[ $i == 0 || "$text" != "$rest" ]]; then words+=("\${COMP_WORDS[i]}"); else words[\${#words[@]}-1]+="\${COMP_WORDS[i]}"; fi
    rest="\${text#"\${COMP_WORDS[i]}"}"
  done
  typed="\${words[\${#words[@]}-1]}"
  COMPREPLY=($(berth __complete "\${words[@]:1}" 2>/dev/null))
  [[ -n $breaks && "$typed" == *["$breaks"]* ]] || return 0
  part="\${typed##*["$breaks"]}"
  COMPREPLY=("\${COMPREPLY[@]#"\${typed%"$part"}"}")
}
complete -o bashdefault -o default -F _berth berth`

const ZSH = `#compdef berth
# Completion of berth for zsh. Load it by:  source <(berth completion zsh)
_berth() {
  local -a candidates
  candidates=("\${(@f)$(berth __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "\${candidates[1]}" ]] && compadd -a candidates || _files
}
# Loaded from a folder of functions, this file is itself the first call.
if [[ "\${funcstack[1]}" == _berth ]]; then _berth "$@"; else compdef _berth berth; fi`

/** Scripts by the shell they are for. */
export const COMPLETION_SCRIPTS = {bash: BASH, zsh: ZSH} as const
