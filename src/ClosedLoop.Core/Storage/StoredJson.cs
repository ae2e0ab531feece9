using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using ClosedLoop.Facts;
using ClosedLoop.Items;

namespace ClosedLoop.Storage;

/// <summary>The JSON in which facts, item states and transitions are stored: one canonical text per content. Safe from any thread.</summary>
public static class StoredJson
{
    /// <summary>Writes a fact.</summary>
    public static string Write(Fact fact) => JsonSerializer.Serialize(fact, StoredJsonContext.Default.Fact);

    /// <summary>Writes an item's state.</summary>
    public static string Write(ItemState state) => JsonSerializer.Serialize(state, StoredJsonContext.Default.ItemState);

    /// <summary>Writes an item's state in UTF-8.</summary>
    internal static byte[] WriteUtf8(ItemState state) => JsonSerializer.SerializeToUtf8Bytes(state, StoredJsonContext.Default.ItemState);

    /// <summary>Writes a transition.</summary>
    public static string Write(Transition transition) => JsonSerializer.Serialize(transition, StoredJsonContext.Default.Transition);

    /// <summary>Reads a fact.</summary>
    /// <exception cref="JsonException">The text is not a stored fact.</exception>
    public static Fact ReadFact(string json) => JsonSerializer.Deserialize(json, StoredJsonContext.Default.Fact) ?? throw new JsonException("a stored fact is null");

    /// <summary>Reads a fact from UTF-8.</summary>
    /// <exception cref="JsonException">The text is not a stored fact.</exception>
    public static Fact ReadFact(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, StoredJsonContext.Default.Fact) ?? throw new JsonException("a stored fact is null");

    /// <summary>Reads an item's state.</summary>
    /// <exception cref="JsonException">The text is not a stored state.</exception>
    public static ItemState ReadState(string json) => JsonSerializer.Deserialize(json, StoredJsonContext.Default.ItemState) ?? throw new JsonException("a stored item state is null");

    /// <summary>Reads an item's state from UTF-8.</summary>
    /// <exception cref="JsonException">The text is not a stored state.</exception>
    public static ItemState ReadState(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, StoredJsonContext.Default.ItemState) ?? throw new JsonException("a stored item state is null");

    /// <summary>Reads a transition.</summary>
    /// <exception cref="JsonException">The text is not a stored transition.</exception>
    public static Transition ReadTransition(string json) => JsonSerializer.Deserialize(json, StoredJsonContext.Default.Transition) ?? throw new JsonException("a stored transition is null");

    /// <summary>Reads a transition from UTF-8.</summary>
    /// <exception cref="JsonException">The text is not a stored transition.</exception>
    public static Transition ReadTransition(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, StoredJsonContext.Default.Transition) ?? throw new JsonException("a stored transition is null");

    /// <summary>SHA-256 of a fact's canonical JSON, lower-case hexadecimal.</summary>
    public static string Digest(Fact fact)
    {
        var (buffer, writer) = _scratch ??= NewScratch();
        buffer.ResetWrittenCount();
        writer.Reset();
        JsonSerializer.Serialize(writer, fact, StoredJsonContext.Default.Fact);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.WrittenSpan, digest);
        if (buffer.Capacity > MostKept) _scratch = null;
        return Convert.ToHexStringLower(digest);
    }

    private const int MostKept = 64 * 1_024;

    // A text that is only hashed needs no bytes of its own. One for each thread, and a large one is not kept.
    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _scratch;

    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer) NewScratch()
    {
        var buffer = new ArrayBufferWriter<byte>(1_024);
        return (buffer, new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true }));
    }
}
