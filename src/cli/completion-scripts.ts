// The shells' side of completion: each script asks berth itself what may come next.

const BASH = `# Completion of berth for bash. Load it by:  source <(berth completion bash)
_berth() {
  local IFS=$'\\n'
  COMPREPLY=($(berth __complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _berth berth`

const ZSH = `#compdef berth
# Completion of berth for zsh. Load it by:  source <(berth completion zsh)
_berth() {
  local -a candidates
  candidates=("\${(@f)$(berth __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  [[ -n "\${candidates[1]}" ]] && compadd -a candidates || _files
}
compdef _berth berth`

/** Scripts by the shell they are for. */
export const COMPLETION_SCRIPTS = {bash: BASH, zsh: ZSH} as const
