using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters;

/// <summary>The result of translating one delivery.</summary>
public sealed record Translation
{
    private Translation(TranslationOutcome outcome) => Outcome = outcome;

    /// <summary>What became of it.</summary>
    public TranslationOutcome Outcome { get; }

    /// <summary>The facts in it, of any number of subjects.</summary>
    public ImmutableArray<Fact> Facts { get; private init; } = [];

    /// <summary>Commits with their parents, for the lines' history.</summary>
    public ImmutableArray<CommitNode> History { get; init; } = [];

    /// <summary>Subjects to read again soon from the source: a webhook is also a hint.</summary>
    public ImmutableArray<Key> Hints { get; init; } = [];

    /// <summary>The name of the event, for counting, such as <c>pull_request.closed</c>.</summary>
    public string Event { get; private init; } = "";

    /// <summary>The source's own id of this delivery, the same when it is sent again; null when it has none (its bytes then identify it).</summary>
    public string? DeliveryId { get; init; }

    /// <summary>Why it was ignored or is malformed.</summary>
    public string? Detail { get; private init; }

    /// <summary>Things that an operator should know, such as a value that this version does not know and counts as no evidence.</summary>
    public ImmutableArray<string> Diagnostics { get; init; } = [];

    /// <summary>The delivery holds these facts.</summary>
    public static Translation Of(string @event, IEnumerable<Fact> facts) => new(TranslationOutcome.Facts) { Event = @event, Facts = [.. facts] };

    /// <summary>The delivery is of no interest; <paramref name="reason"/> says why.</summary>
    public static Translation Ignored(string @event, string reason) => new(TranslationOutcome.Ignored) { Event = @event, Detail = reason };

    /// <summary>The delivery is not what its sender's contract says; <paramref name="reason"/> says what was expected.</summary>
    public static Translation Malformed(string @event, string reason) => new(TranslationOutcome.Malformed) { Event = @event, Detail = reason };
}
