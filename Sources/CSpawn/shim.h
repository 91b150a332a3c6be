/* Functions of glibc (2.34 or later) that its headers show only with _GNU_SOURCE, which Swift's Glibc module does not set. `actions` is a
   posix_spawn_file_actions_t: including <spawn.h> here would make this module the owner of its types. */
int posix_spawn_file_actions_addclosefrom_np(void *actions, int from);
int posix_spawn_file_actions_addchdir_np(void *actions, const char *path);
int pipe2(int *ends, int flags);
int memfd_create(const char *name, unsigned int flags);

/* MFD_CLOEXEC of <linux/memfd.h>. */
static const unsigned int mizumori_memfd_cloexec = 1U;
