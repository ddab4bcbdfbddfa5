/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the JSON schema of a manifest to a file. The build runs this program. */
#include <stdio.h>
#include <stdlib.h>

#include "manifest/schema.h"

int main(int argc, char **argv)
{
    json_t *schema = mt_manifest_schema();

    if (argc != 2) {
        fprintf(stderr, "usage: write_schema FILE\n");
        return EXIT_FAILURE;
    }
    if (json_dump_file(schema, argv[1], JSON_INDENT(2)) < 0) {
        perror(argv[1]);
        return EXIT_FAILURE;
    }
    json_decref(schema);
    return EXIT_SUCCESS;
}
