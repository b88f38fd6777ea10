/* Functions of libunicorn that this program replaces, to make guest stores fast; see shortcut.c. */
#ifndef VIRTUAL_SOC_SHORTCUT_H
#define VIRTUAL_SOC_SHORTCUT_H
#include <stdint.h>

/* Tells which guest memory never holds code: mapped without the right to execute. Size 0: none.
 * Must be called before the first guest instruction runs. */
void shortcut_plain_memory(uint32_t base, uint32_t size);

/* Called by the library only. */
#define SHORTCUT __attribute__((visibility("default")))
SHORTCUT void *page_collection_lock_arm(void *uc, uint64_t first, uint64_t last);
SHORTCUT void page_collection_unlock_arm(void *pages);
SHORTCUT void tlb_set_page_with_attrs_arm(void *cpu, uint32_t address, uint64_t physical,
                                          uint32_t attributes, int rights, int mmu_index,
                                          uint32_t size);
#endif
