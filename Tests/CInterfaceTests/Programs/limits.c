/*
 * On a system that refuses threads, a call with an explicit number of threads fails, a call without one uses fewer threads, and the
 * host process continues.
 */
#define _GNU_SOURCE
#include "expect.h"
#include <dlfcn.h>
#include <errno.h>

static int refuses = 0;

/* The library's calls come here, too. */
int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
    typedef int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
    void *found = dlsym(RTLD_NEXT, "pthread_create");
    create next;
    memcpy(&next, &found, sizeof next);
    return refuses ? EAGAIN : next(thread, attributes, body, argument);
}

static void no_threads(jacquard_status status) {
    EXPECT(status == JACQUARD_NO_THREADS && jacquard_error_code() == JACQUARD_NO_THREADS);
    EXPECT(strstr(jacquard_error_message(), "of 4 threads") != NULL);
    EXPECT(strchr(jacquard_error_message(), '\n') == NULL);
}

int main(void) {
    static float answers[SMALL_COUNT * SMALL_CLASSES], others[SMALL_COUNT * SMALL_CLASSES];
    jacquard_samples samples = small_samples();
    jacquard_model *model = NULL;
    jacquard_trainer *trainer = NULL;
    jacquard_evaluation evaluation;
    jacquard_training training;
    jacquard_progress progress;
    EXPECT(jacquard_model_create(SMALL_MODEL, 1, &model) == JACQUARD_OK);
    EXPECT(jacquard_predict(model, &samples, 4, answers, SMALL_COUNT * SMALL_CLASSES) == JACQUARD_OK);
    EXPECT(jacquard_training_defaults(&training) == JACQUARD_OK);
    training.batch_size = 10;

    refuses = 1;
    jacquard_model *other = NULL;
    EXPECT(jacquard_model_create(SMALL_MODEL, 1, &other) == JACQUARD_OK);
    no_threads(jacquard_predict(other, &samples, 4, others, SMALL_COUNT * SMALL_CLASSES));
    no_threads(jacquard_evaluate(other, &samples, 4, &evaluation));
    training.threads = 4;
    no_threads(jacquard_trainer_create(other, &training, &samples, &trainer));
    EXPECT(trainer == NULL);
    EXPECT(jacquard_predict(other, &samples, 0, others, SMALL_COUNT * SMALL_CLASSES) == JACQUARD_OK);
    EXPECT(memcmp(answers, others, sizeof answers) == 0);
    training.threads = 0;
    EXPECT(jacquard_trainer_create(other, &training, &samples, &trainer) == JACQUARD_OK);
    EXPECT(jacquard_trainer_step(trainer, NULL, &progress) == JACQUARD_OK && progress.step == 1);

    /* A message is one line, whatever a name in it holds. */
    jacquard_model *missing = NULL;
    EXPECT(jacquard_model_load("a\nb\033.safetensors", &missing) == JACQUARD_NO_FILE);
    EXPECT(strpbrk(jacquard_error_message(), "\n\033") == NULL);
    jacquard_trainer_free(trainer);
    jacquard_model_free(other);
    jacquard_model_free(model);
    printf("%d failures\n", failures);
    return failures != 0;
}
