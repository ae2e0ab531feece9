using System.Text.Json;

namespace ClosedLoop.Adapters.Oci;

/// <summary>Content whose digest was computed from its bytes.</summary>
internal sealed record Content(string Digest, ReadOnlyMemory<byte> Body)
{
    /// <summary>What the registry answered, verified: by the digest that was asked for, else by the one that it names.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="what">The content, for messages.</param>
    /// <param name="expected">The digest that it must have; null: it was asked for by a tag.</param>
    public static ReadOutcome<Content> Of(SourceAnswer answer, string what, string? expected)
    {
        if (answer.Kind == SourceAnswerKind.Missing) return default;
        if (answer.IsTooLarge) return ReadOutcome<Content>.Bad($"{what} has more than {RegistryClient.MaxAnswerBytes / (1024 * 1024)} MB and was not read");
        if (answer.StatusCode is >= 400 and < 500 and not (401 or 403 or 429)) return ReadOutcome<Content>.Bad($"{what} was refused by the registry (HTTP {answer.StatusCode})");
        if (answer.Kind != SourceAnswerKind.Found) return ReadOutcome<Content>.Failed(answer);
        string? digest = expected ?? RegistryClient.DigestOf(answer);
        if (digest is not null && !Oci.Digest.IsOf(digest, answer.Body.Span))
            return ReadOutcome<Content>.Bad($"{what} is not what its digest {digest[..19]}… says: the registry, or something before it, answers with other content");
        return ReadOutcome<Content>.Of(new Content(digest ?? Oci.Digest.Of(answer.Body.Span), answer.Body));
    }

    public T? Read<T>(Func<JsonElement, T?> read)
        where T : class
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            return read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
