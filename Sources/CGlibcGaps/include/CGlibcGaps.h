// The GNU calls that Swift's Glibc module lacks (it is built without _GNU_SOURCE).
#ifndef PARMAT_CGLIBCGAPS_H
#define PARMAT_CGLIBCGAPS_H

#ifdef __cplusplus
extern "C" {
#endif

/// The path of the object that serves the dynamic symbol `name` in this process (dlsym, dladdr),
/// as the loader knows it; NULL if none does. Not to be freed.
const char *parmat_object_of(const char *name);

/// How many CPUs this process may run on (sched_getaffinity); 0 where that cannot be told.
int parmat_allowed_cpus(void);

/// Names the calling thread (pthread_setname_np): at most 15 bytes.
void parmat_name_thread(const char *name);

/// What malloc_info writes, as a string to be freed; NULL where it cannot be had.
char *parmat_malloc_info(void);

/// gnu_get_libc_version.
const char *parmat_glibc_version(void);

/// pipe2 with O_CLOEXEC: 0, or errno.
int parmat_pipe(int ends[2]);

/// A mark in a trace of this process's mprotect calls: one for no bytes, which changes nothing.
void parmat_mark_progress(void);

/// memfd_create with MFD_CLOEXEC: a descriptor, or -errno.
int parmat_memory_file(const char *name);

#ifdef __cplusplus
}
#endif
#endif
