/*
 * Every function on threads with as little stack as the header allows, and models and texts that are as deep as they may be.
 */
#define _GNU_SOURCE
#include "expect.h"
#include <unistd.h>

enum { STACK = 128 << 10, DEEP = 30, BRACKETS = 100000 };

typedef struct task {
    const char *text;
    jacquard_status expected;
} task;

static int32_t listen(const jacquard_progress *progress, void *context) {
    EXPECT(progress->step > 0 && pthread_equal(*(pthread_t *)context, pthread_self()));
    return 0;
}

static void *everything(void *argument) {
    const task *given = argument;
    static float answers[SMALL_COUNT * SMALL_CLASSES];
    pthread_t self = pthread_self();
    char path[64];
    snprintf(path, sizeof path, "/tmp/jacquard-stack-%d.safetensors", (int)getpid());
    jacquard_model *model = NULL, *again = NULL;
    jacquard_trainer *trainer = NULL;
    jacquard_evaluation evaluation;
    jacquard_training training;
    jacquard_tensor tensor;
    jacquard_samples samples = small_samples();
    EXPECT(jacquard_model_create(given->text, 1, &model) == given->expected);
    EXPECT(jacquard_model_load("/proc/self/maps", &again) != JACQUARD_OK && again == NULL);
    /* The error is that of the thread that called, wherever it came about. */
    EXPECT(jacquard_error_code() != JACQUARD_OK && strstr(jacquard_error_message(), "/proc/self/maps") != NULL);
    if (model == NULL) return NULL;
    EXPECT(jacquard_model_save(model, path) == JACQUARD_OK);
    EXPECT(jacquard_model_load(path, &again) == JACQUARD_OK);
    EXPECT(jacquard_model_load_weights(model, path) == JACQUARD_OK);
    unlink(path);
    EXPECT(jacquard_model_tensor(model, 0, &tensor) == JACQUARD_OK && jacquard_model_class_name(model, 0) != NULL);
    for (int32_t threads = 0; threads < 3; threads++) {
        EXPECT(jacquard_predict(model, &samples, threads, answers, SMALL_COUNT * SMALL_CLASSES) == JACQUARD_OK);
        EXPECT(jacquard_evaluate(model, &samples, threads, &evaluation) == JACQUARD_OK);
    }
    EXPECT(jacquard_training_defaults(&training) == JACQUARD_OK);
    training.epochs = 2;
    training.batch_size = 20;
    for (int32_t optimizer = JACQUARD_SGD; optimizer <= JACQUARD_LION; optimizer++) {
        training.optimizer = optimizer;
        training.threads = optimizer % 2 + 1;
        EXPECT(jacquard_trainer_create(model, &training, &samples, &trainer) == JACQUARD_OK);
        EXPECT(jacquard_trainer_step(trainer, NULL, NULL) == JACQUARD_OK);
        EXPECT(jacquard_trainer_run(trainer, listen, &self) == JACQUARD_OK);
        jacquard_trainer_free(trainer);
    }
    jacquard_model_free(again);
    jacquard_model_free(model);
    return NULL;
}

/* Runs it on a thread of this stack, followed by a page that must not be touched. */
static void on_small_stack(task given) {
    pthread_attr_t attributes;
    pthread_t thread;
    EXPECT(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, STACK) == 0);
    EXPECT(pthread_create(&thread, &attributes, everything, &given) == 0);
    EXPECT(pthread_join(thread, NULL) == 0);
    pthread_attr_destroy(&attributes);
}

int main(void) {
    on_small_stack((task){SMALL_MODEL, JACQUARD_OK});

    /* Residual layers inside each other. */
    static char deep[8192], brackets[BRACKETS + 16];
    strcpy(deep, "{\"name\": \"deep\", \"input_shape\": [8, 8, 1], \"class_names\": [\"a\", \"b\", \"c\"], \"layers\": [");
    for (int level = 0; level < DEEP; level++) strcat(deep, "{\"type\": \"residual\", \"body\": [");
    strcat(deep, "{\"type\": \"conv2d\", \"output_channels\": 1, \"kernel_size\": 3, \"padding\": \"same\"}");
    for (int level = 0; level < DEEP; level++) strcat(deep, "]}");
    strcat(deep, ", {\"type\": \"flatten\"}, {\"type\": \"dense\", \"output_features\": 3}]}");
    on_small_stack((task){deep, JACQUARD_OK});

    /* A text that is nothing but depth. */
    strcpy(brackets, "{\"name\":");
    memset(brackets + strlen(brackets), '[', BRACKETS);
    on_small_stack((task){brackets, JACQUARD_BAD_MODEL});
    printf("%d failures\n", failures);
    return failures != 0;
}
