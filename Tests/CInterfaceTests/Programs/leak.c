/* Loses a model, so that the tests know that they would find that. */
#include <jacquard.h>

int main(void) {
    jacquard_model *model = NULL;
    jacquard_status status = jacquard_model_create("lenet", 1, &model);
    model = NULL;
    return status;
}
