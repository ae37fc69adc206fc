/* With a BLAS that computes wrong in OpenBLAS's place, no model is made, and the message says which library it is. */
#include "expect.h"

int main(void) {
    jacquard_model *model = (jacquard_model *)small_pixels; /* must become NULL */
    for (int attempt = 0; attempt < 2; attempt++) {
        EXPECT(jacquard_model_create("lenet", 1, &model) == JACQUARD_BAD_BLAS && model == NULL);
        EXPECT(jacquard_error_code() == JACQUARD_BAD_BLAS);
        EXPECT(strstr(jacquard_error_message(), "libopenblas.so.0): it computes wrong products: of ") != NULL);
    }
    printf("%d failures\n", failures);
    return failures != 0;
}
