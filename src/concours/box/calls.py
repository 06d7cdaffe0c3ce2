"""Which system calls a boxed program may make: a list of what is allowed; all else is not.

Grouped as the manual pages of syscalls(2) group them. A call that this kernel or machine does not
know is passed over.
"""

from __future__ import annotations

FILES = """
access chdir chmod chown close close_range copy_file_range creat dup dup2 dup3 faccessat faccessat2
fadvise64 fallocate fchdir fchmod fchmodat fchmodat2 fchown fchownat fcntl fdatasync fgetxattr
flistxattr flock fremovexattr fsetxattr fstat fstatfs fsync ftruncate futimesat getcwd getdents
getdents64 getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch lchown lgetxattr
link linkat listxattr llistxattr lremovexattr lseek lsetxattr lstat mkdir mkdirat mknod mknodat
newfstatat open openat openat2 pipe pipe2 pread64 preadv preadv2 pwrite64 pwritev pwritev2 read
readahead readlink readlinkat readv removexattr rename renameat renameat2 rmdir sendfile setxattr
splice stat statfs statx symlink symlinkat sync sync_file_range syncfs tee truncate umask unlink
unlinkat utime utimensat utimes vmsplice write writev
"""
MEMORY = """
brk get_mempolicy madvise map_shadow_stack mbind membarrier memfd_create mincore mlock mlock2
mlockall mmap mprotect mremap msync munlock munlockall munmap pkey_alloc pkey_free pkey_mprotect
remap_file_pages set_mempolicy set_mempolicy_home_node
"""
PROCESSES = """
arch_prctl execve execveat exit exit_group fork get_robust_list get_thread_area getpgid getpgrp
getpid getppid getpriority getrlimit getrusage getsid gettid kill landlock_add_rule
landlock_create_ruleset landlock_restrict_self pause pidfd_open pidfd_send_signal prctl prlimit64
restart_syscall rseq sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr
sched_getparam sched_getscheduler sched_rr_get_interval sched_setaffinity sched_setattr
sched_setparam sched_setscheduler sched_yield seccomp set_robust_list set_thread_area
set_tid_address setpgid setpriority setrlimit setsid tgkill times tkill uname vfork wait4 waitid
waitpid
"""
WHO = """
capget capset getegid geteuid getgid getgroups getresgid getresuid getuid setfsgid setfsuid setgid
setgroups setregid setresgid setresuid setreuid setuid
"""
SIGNALS = """
alarm eventfd eventfd2 getitimer rt_sigaction rt_sigpending rt_sigprocmask rt_sigqueueinfo
rt_sigreturn rt_sigsuspend rt_sigtimedwait rt_tgsigqueueinfo setitimer sigaltstack signalfd
signalfd4
"""
TIME = """
clock_getres clock_gettime clock_nanosleep gettimeofday nanosleep time timer_create timer_delete
timer_getoverrun timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime
"""
WAITING = """
epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait futex futex_requeue
futex_wait futex_waitv futex_wake poll ppoll pselect6 select
"""
SOCKETS = """
accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg
sendmmsg sendmsg sendto setsockopt shutdown
"""
SHARED = """
mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget msgrcv msgsnd
semctl semget semop semtimedop shmat shmctl shmdt shmget
"""
MACHINE = "getcpu getrandom sysinfo"

ALLOWED = " ".join(
    (FILES, MEMORY, PROCESSES, WHO, SIGNALS, TIME, WAITING, SOCKETS, SHARED, MACHINE)
).split()
"""With any arguments."""

DENIED = """
acct add_key adjtimex bpf chroot clock_adjtime clock_settime delete_module fanotify_init
finit_module fsconfig fsmount fsopen fspick init_module ioperm iopl kcmp kexec_file_load kexec_load
keyctl lookup_dcookie mount mount_setattr move_mount move_pages migrate_pages name_to_handle_at
open_by_handle_at open_tree perf_event_open pidfd_getfd pivot_root process_madvise
process_mrelease process_vm_readv process_vm_writev ptrace quotactl quotactl_fd reboot request_key
setdomainname sethostname setns settimeofday swapoff swapon syslog umount2 unshare uselib
userfaultfd vhangup
""".split()
"""Refused with EPERM; what stands in neither list is told to be unknown (ENOSYS), so that the C
library takes an older way."""

NEW_NAMESPACES = 0x7E020080
"""CLONE_NEW* of clone(2): time, mount, cgroup, uts, ipc, user, pid, net."""
PERSONALITIES = (0x0, 0x8, 0x20000, 0x20008, 0xFFFFFFFF)
"""Linux, 32-bit names, and asking."""
TYPING = (0x5412, 0x541C)
"""ioctl requests TIOCSTI and TIOCLINUX: they type into a terminal."""
UNIX, INET, INET6 = 1, 2, 10
"""Families of sockets: unix(7), ip(7), ipv6(7)."""
LOW_WORD = 0xFFFFFFFF
