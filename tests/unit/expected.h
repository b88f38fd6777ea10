/* The expected results that lie beside the shared real dumps, one JSON file per dump. They are
 * optional: a test that wants them is skipped, and says so, where they are absent. */
#ifndef TESTS_UNIT_EXPECTED_H
#define TESTS_UNIT_EXPECTED_H
#include "check.h"

#include <dirent.h>
#include <jansson.h>

#define EXPECTED_FOLDER "../shared/data/dumps/expected"

/* Calls `visit` with the root of every file that has `member`; at least `least` files must. */
static void expected_each(const char *member, int least, void (*visit)(json_t *root)) {
    DIR *folder = opendir(EXPECTED_FOLDER);
    if (!folder) {
        print_message("skip: no %s\n", EXPECTED_FOLDER);
        skip();
    }
    int seen = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[512];
        (void)snprintf(path, sizeof path, EXPECTED_FOLDER "/%s", entry->d_name);
        json_t *root = json_load_file(path, 0, NULL), *value = json_object_get(root, member);
        if (json_is_object(value) || json_is_array(value)) {
            visit(root);
            seen++;
        }
        json_decref(root);
    }
    closedir(folder);
    assert_true(seen >= least);
}
#endif
