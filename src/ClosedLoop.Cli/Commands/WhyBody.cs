using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Judging;

namespace ClosedLoop.Cli.Commands;

/// <summary>Why an item is not done, or that it is.</summary>
internal sealed record WhyBody
{
    public required string Id { get; init; }

    public string? Title { get; init; }

    public required Verdict Verdict { get; init; }

    public required int ExitCode { get; init; }

    public required string DoneDefinition { get; init; }

    /// <summary>The gate that holds it up; null when it is done or abandoned.</summary>
    public string? Gate { get; init; }

    public string? Status { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset? Since { get; init; }

    public string? Writer { get; init; }

    public string? Detail { get; init; }

    public EvidenceBody? Evidence { get; init; }

    /// <summary>One sentence: what it waits for, since when, what is known.</summary>
    public required string Why { get; init; }

    /// <summary>What would release it.</summary>
    public required string Release { get; init; }

    public required IReadOnlyList<string> OverdueGates { get; init; }

    /// <summary>Gates that it needs, had passed and do not hold now.</summary>
    public required IReadOnlyList<string> WentBack { get; init; }

    public DateTimeOffset? NextLookAt { get; init; }

    public static WhyBody Of(Inquiry inquiry)
    {
        var (item, judgement) = inquiry;
        return new WhyBody
        {
            Id = item.Id,
            Title = item.Title,
            Verdict = judgement.Verdict,
            ExitCode = (int)judgement.Verdict,
            DoneDefinition = item.DoneDefinition,
            Gate = judgement.Gate?.Name,
            Status = judgement.Gate?.Status,
            Reason = judgement.Gate?.Reason,
            Since = judgement.Gate is null ? item.DoneAt : judgement.Gate.Since,
            Writer = judgement.Gate?.Writer,
            Detail = judgement.Gate?.Detail,
            Evidence = judgement.Gate?.Evidence,
            Why = item.Why,
            Release = judgement.Release,
            OverdueGates = item.OverdueGates,
            WentBack = judgement.WentBack,
            NextLookAt = item.NextLookAt,
        };
    }
}
