using System.Text.Json;

namespace ClosedLoop.Adapters.CDEvents.Incoming;

/// <summary>One event as its producer wrote it. The elements live as long as the document that they are of.</summary>
internal sealed record CDEvent
{
    private const int MaxIdLength = 400;

    public required string Id { get; init; }

    public required string Source { get; init; }

    public required string TypeText { get; init; }

    /// <summary>Null: the type is not one of CDEvents' own.</summary>
    public required EventType? Type { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string SubjectId { get; init; }

    public required JsonElement Content { get; init; }

    public required JsonElement Root { get; init; }

    public string? ChainId { get; init; }

    public string Name => Type is { } type ? type.ToString() : "event";

    /// <summary>Reads an event of either layout: 0.4 has <c>context.version</c>, 0.5 <c>context.specversion</c>; or says what is wrong with it.</summary>
    public static CDEvent? Read(JsonElement root, out string problem)
    {
        problem = "";
        if (root.Member("context") is not { ValueKind: JsonValueKind.Object } context || root.Member("subject") is not { ValueKind: JsonValueKind.Object } subject)
            return Fail("expected a CDEvent: an object with context and subject", out problem);
        if ((context.Text("specversion") ?? context.Text("version")) is not { } version || !version.StartsWith("0.", StringComparison.Ordinal))
            return Fail("expected context.specversion (or, before 0.5, context.version) of CDEvents 0.x", out problem);
        if (context.Text("id") is not { Length: > 0 and <= MaxIdLength } id) return Fail($"expected context.id, 1 to {MaxIdLength} characters", out problem);
        if (context.Text("source") is not { Length: > 0 and <= MaxIdLength } source) return Fail($"expected context.source, 1 to {MaxIdLength} characters", out problem);
        if (context.Text("type") is not { Length: > 0 and <= MaxIdLength } type) return Fail($"expected context.type, 1 to {MaxIdLength} characters", out problem);
        if (context.Time("timestamp") is not { } at) return Fail("expected context.timestamp in RFC 3339", out problem);
        if (subject.Text("id") is not { Length: > 0 } subjectId) return Fail("expected subject.id", out problem);
        return new CDEvent
        {
            Id = id,
            Source = source,
            TypeText = type,
            Type = EventType.Read(type),
            At = at,
            SubjectId = subjectId,
            Content = subject.Member("content") ?? default,
            Root = root,
            ChainId = context.Text("chainId"),
        };
    }

    /// <summary>A text at a path from the root.</summary>
    public string? TextAt(ReadOnlySpan<string> path) => path.Length == 0 ? null : path.Length == 1 ? Root.Text(path[0]) : Root.Text(path[0], path[1..]);

    private static CDEvent? Fail(string what, out string problem)
    {
        problem = what;
        return null;
    }
}
