/* Functions of libunicorn that this program replaces, to make the guest run faster. They are
 * ordinary symbols of the library, called through its procedure table; definitions in the program
 * come first. A version that has them no more never calls these, and everything works as before,
 * slowly. Stores: shortcut_stores.c; jumps and translation: shortcut_jumps.c. */
#ifndef VIRTUAL_SOC_SHORTCUT_H
#define VIRTUAL_SOC_SHORTCUT_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Tells which guest memory never holds code: mapped without the right to execute. Size 0: none.
 * Must be called before the first guest instruction runs. */
void shortcut_plain_memory(uint32_t base, uint32_t size);
/* What jumps lead to is looked up anew: guest memory was mapped in another way. */
void shortcut_forget_jumps(void);

/* Puts the library's own function, behind ours of the same name, into *to, or NULL. */
void shortcut_library_function(const char *name, void *to);
/* Is the library of the version whose inner types are known here? */
bool shortcut_version_known(void);

/* Called by the library only. */
#define SHORTCUT __attribute__((visibility("default")))
SHORTCUT void *page_collection_lock_arm(void *uc, uint64_t first, uint64_t last);
SHORTCUT void page_collection_unlock_arm(void *pages);
SHORTCUT void tlb_set_page_with_attrs_arm(void *cpu, uint32_t address, uint64_t physical,
                                          uint32_t attributes, int rights, int mmu_index,
                                          uint32_t size);
SHORTCUT const void *helper_lookup_tb_ptr_arm(const uint8_t *env);
SHORTCUT void *tb_gen_code_arm(void *cpu, uint32_t pc, uint32_t base, uint32_t flags, int how);
SHORTCUT bool qht_remove(void *table, const void *block, uint32_t hash);
SHORTCUT bool qht_reset_size(void *uc, void *table, size_t size);
SHORTCUT void tcg_gen_exit_tb_arm(void *translation, const void *block, unsigned exit);
SHORTCUT void tcg_optimize_arm(void *translation);
#endif
