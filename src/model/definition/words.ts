// The words that ECS has for things of Linux and Docker (API reference of KernelCapabilities, Tmpfs, Ulimit and LogConfiguration, read 2026-11-26).

export const CAPABILITIES = [
  ...['ALL', 'AUDIT_CONTROL', 'AUDIT_WRITE', 'BLOCK_SUSPEND', 'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'IPC_LOCK'],
  ...['IPC_OWNER', 'KILL', 'LEASE', 'LINUX_IMMUTABLE', 'MAC_ADMIN', 'MAC_OVERRIDE', 'MKNOD', 'NET_ADMIN', 'NET_BIND_SERVICE'],
  ...['NET_BROADCAST', 'NET_RAW', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_CHROOT', 'SYS_MODULE'],
  ...['SYS_NICE', 'SYS_PACCT', 'SYS_PTRACE', 'SYS_RAWIO', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG', 'SYSLOG', 'WAKE_ALARM'],
]

export const MOUNT_OPTIONS = [
  ...['defaults', 'ro', 'rw', 'suid', 'nosuid', 'dev', 'nodev', 'exec', 'noexec', 'sync', 'async', 'dirsync', 'remount', 'mand', 'nomand'],
  ...[
    'atime',
    'noatime',
    'diratime',
    'nodiratime',
    'bind',
    'rbind',
    'unbindable',
    'runbindable',
    'private',
    'rprivate',
    'shared',
    'rshared',
  ],
  ...['slave', 'rslave', 'relatime', 'norelatime', 'strictatime', 'nostrictatime', 'mode', 'uid', 'gid', 'nr_inodes', 'nr_blocks', 'mpol'],
]

export const ULIMITS = [
  ...['core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile', 'nproc', 'rss', 'rtprio', 'rttime'],
  ...['sigpending', 'stack'],
]

export const LOG_DRIVERS = ['awsfirelens', 'awslogs', 'fluentd', 'gelf', 'journald', 'json-file', 'splunk', 'syslog']

/** Of the kernel's own settings, those that belong to the IPC namespace; besides them all that begins with `fs.mqueue.`. */
export const IPC_CONTROLS = [
  ...['kernel.msgmax', 'kernel.msgmnb', 'kernel.msgmni', 'kernel.sem', 'kernel.shmall', 'kernel.shmmax', 'kernel.shmmni'],
  'kernel.shm_rmid_forced',
]
