/* The sample newsletter's feed as bytes in the program: declared in lectern/sample.h. Assembled from the root of the sources. */
#ifdef __APPLE__
#define NAME(x) _##x
        .section __TEXT,__const
#else
#define NAME(x) x
        .section .rodata
#endif
        .globl NAME(sample_feed)
        .globl NAME(sample_feed_end)
NAME(sample_feed):
        .incbin "src/sample/slow-letters.xml"
NAME(sample_feed_end):
        .byte 0
#ifdef __ELF__
        .section .note.GNU-stack,"",%progbits
#endif
