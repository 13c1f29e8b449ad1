// Which loaded object serves a symbol.
#ifndef PARMAT_OBJECTOF_H
#define PARMAT_OBJECTOF_H

#ifdef __cplusplus
extern "C" {
#endif

/// The path of the object that serves the dynamic symbol `name` in this process (dlsym, dladdr),
/// as the loader knows it; NULL if none does. Not to be freed.
const char *parmat_object_of(const char *name);

#ifdef __cplusplus
}
#endif
#endif
