/* The file that a virtual flash lives in between runs. */
#ifndef VIRTUAL_FLASH_FLASH_FILE_H
#define VIRTUAL_FLASH_FLASH_FILE_H
#include "base/status.h"
#include "virtual/flash/spi_flash.h"

/* Size of the file; NOT_FOUND when there is none, IO when it cannot be read. */
enum status flash_file_size(const char *path, uint64_t *size);
/* Fills the flash; a shorter file leaves the rest blank. */
enum status flash_file_load(struct spi_flash *flash, const char *path);
/* Writes beside the file, then renames, so that a broken run leaves the old contents. */
enum status flash_file_save(const struct spi_flash *flash, const char *path);

/* The status register is not volatile either: it is kept in FILE.sr, four hex digits, as long as it
 * is not the usual value. */
void flash_file_load_sr(struct spi_flash *flash, const char *path);
enum status flash_file_save_sr(const struct spi_flash *flash, const char *path);
#endif
