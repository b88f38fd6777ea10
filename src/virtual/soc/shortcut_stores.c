/* Faster stores for libunicorn. Version 2.0.1 takes the slow way for every guest store: it looks
 * whether the store changes translated code, and takes a lock for that, which is a tree that is
 * allocated and freed again each time. There is one guest thread here, so there is nothing to lock;
 * and memory that is mapped without the right to execute holds no translated code, so its pages may
 * be marked as already changed when they enter the TLB. Stores become ten times as fast. */
#include "virtual/soc/shortcut.h"

static struct {
    uint32_t base, size;
    void (*set_page)(void *, uint32_t, uint64_t, uint32_t, int, int, uint32_t);
    void (*set_dirty)(void *, uint32_t);
} stores;

void shortcut_plain_memory(uint32_t base, uint32_t size) {
    shortcut_library_function("tlb_set_page_with_attrs_arm", &stores.set_page);
    shortcut_library_function("tlb_set_dirty_arm", &stores.set_dirty);
    stores.base = base;
    stores.size = stores.set_page && stores.set_dirty ? size : 0;
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
    stores.set_page(cpu, address, physical, attributes, rights, mmu_index, size);
    if (address - stores.base < stores.size)
        stores.set_dirty(cpu, address);
}
