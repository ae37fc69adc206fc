/* Loads the checkpoint that the first argument names, a file or a run folder. */
#include <jacquard.h>
#include <stdio.h>

int main(int count, char **arguments) {
    jacquard_model *model = NULL;
    if (count != 2 || jacquard_model_load(arguments[1], &model) != JACQUARD_OK) {
        fprintf(stderr, "%s\n", jacquard_error_message());
        return 1;
    }
    printf("%zu parameters\n", jacquard_model_parameter_count(model));
    jacquard_model_free(model);
    return 0;
}
