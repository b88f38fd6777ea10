/* Faster stores for libunicorn. Version 2.0.1 takes the slow way for every guest store: it looks
 * whether the store changes translated code, and takes a lock for that, which is a tree that is
 * allocated and freed again each time. There is one guest thread here, so there is nothing to lock;
 * and memory that is mapped without the right to execute holds no translated code, so its pages may
 * be marked as already changed when they enter the TLB.
 *
 * The functions below are ordinary symbols of the library, called through its procedure table;
 * definitions in the program come first. A version that has them no more never calls these, and
 * everything works as before, slowly. Stores become ten times as fast. */
#include "virtual/soc/shortcut.h"

#include <dlfcn.h>
#include <stddef.h>

static struct {
    uint32_t base, size;
    void (*set_page)(void *, uint32_t, uint64_t, uint32_t, int, int, uint32_t);
    void (*set_dirty)(void *, uint32_t);
} shortcut;

/* A function of the library, behind ours of the same name. */
static void library_function(const char *name, void *to) {
    void *found = dlsym(RTLD_NEXT, name);
    __builtin_memcpy(to, &found, sizeof found);
}

void shortcut_plain_memory(uint32_t base, uint32_t size) {
    library_function("tlb_set_page_with_attrs_arm", &shortcut.set_page);
    library_function("tlb_set_dirty_arm", &shortcut.set_dirty);
    shortcut.base = base;
    shortcut.size = shortcut.set_page && shortcut.set_dirty ? size : 0;
}

void *page_collection_lock_arm(void *uc, uint64_t first, uint64_t last) {
    (void)first;
    (void)last;
    return uc; /* the caller hands it back; it only must not be NULL */
}

void page_collection_unlock_arm(void *pages) {
    (void)pages;
}

void tlb_set_page_with_attrs_arm(void *cpu, uint32_t address, uint64_t physical,
                                 uint32_t attributes, int rights, int mmu_index, uint32_t size) {
    shortcut.set_page(cpu, address, physical, attributes, rights, mmu_index, size);
    if (address - shortcut.base < shortcut.size)
        shortcut.set_dirty(cpu, address);
}
