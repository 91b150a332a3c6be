#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Turns root's process into one of `user` for good; `name` may be null where the user has no name. With `reach` it may still read and write
   files of others (CAP_DAC_OVERRIDE), which programs that it starts may not. To be called before there are other threads.
   0, or an errno, after which the process may be of neither user and should end. */
static inline int mizumori_become(uid_t user, gid_t group, const char *name, int reach) {
  if (prctl(PR_SET_KEEPCAPS, reach ? 1L : 0L, 0L, 0L, 0L) != 0) return errno;
  if ((name ? initgroups(name, group) : setgroups(0, 0)) != 0 || setgid(group) != 0 || setuid(user) != 0) return errno;
  if (reach) {
    struct __user_cap_header_struct head = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2] = {{0}, {0}};
    data[0].effective = data[0].permitted = 1U << CAP_DAC_OVERRIDE;
    if (syscall(SYS_capset, &head, data) != 0) return errno;
  }
  /* Else files below /proc/self would be root's. */
  return prctl(PR_SET_DUMPABLE, 1L, 0L, 0L, 0L) == 0 ? 0 : errno;
}
