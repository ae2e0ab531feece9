using ClosedLoop.Storage;

namespace ClosedLoop.AspNetCore.Api;

internal sealed record TransitionBody
{
    public required long Sequence { get; init; }

    public required string ItemId { get; init; }

    public required string Kind { get; init; }

    public string? Gate { get; init; }

    public required string From { get; init; }

    public required string To { get; init; }

    public required string Reason { get; init; }

    public string? Writer { get; init; }

    public string? Detail { get; init; }

    public EvidenceBody? Evidence { get; init; }

    public string? Subject { get; init; }

    public string? DoneDefinition { get; init; }

    public DateTimeOffset? OccurredAt { get; init; }

    public required DateTimeOffset RecordedAt { get; init; }

    public static TransitionBody Of(Transition transition) => new()
    {
        Sequence = transition.Sequence,
        ItemId = transition.ItemId,
        Kind = Names.Of(transition.Kind),
        Gate = transition.Gate,
        From = Names.Of(transition.From),
        To = Names.Of(transition.To),
        Reason = Names.Of(transition.Reason),
        Writer = transition.Writer?.ToString(),
        Detail = transition.Detail,
        Evidence = EvidenceBody.Of(transition.Evidence),
        Subject = transition.Subject?.ToString(),
        DoneDefinition = transition.DoneDefinition,
        OccurredAt = transition.OccurredAt,
        RecordedAt = transition.RecordedAt,
    };
}
