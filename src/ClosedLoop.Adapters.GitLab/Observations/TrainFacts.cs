using System.Collections.Immutable;
using ClosedLoop.Adapters.SourceHosts;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitLab.Observations;

/// <summary>
/// The fact of where a merge request stands in a merge train: something that the merged gate waits for. It passes and fails nothing; whether the
/// merge request is merged is only in the merge request itself.
/// </summary>
internal static class TrainFacts
{
    /// <summary>The scheme of its subject: one for each merge request.</summary>
    public const string Scheme = "merge-train";

    /// <summary>Adds where it stands.</summary>
    public static void AddEntered(string repository, long number, TrainCarSeen car, GitLabSettings settings, Harvest harvest)
    {
        var change = Key.PullRequest(repository, number);
        string line = car.Target is { } target ? $"the merge train of {SourceText.Quote(target)}" : "the merge train";
        string? detail = car.Status switch
        {
            "idle" => $"in {line}, waits for its pipeline there",
            "fresh" => $"in {line}",
            "stale" => $"in {line}, whose pipeline is made anew",
            "merging" => $"in {line}, being merged",
            "merged" or "skip_merged" => $"left {line} merged",
            _ => null,
        };
        var reason = detail is null ? Reason.Unrecognized : Reason.None;
        if (detail is null)
        {
            string word = SourceText.Quote(car.Status);
            harvest.Diagnostics.Add($"{change}: the merge train's status {word} is not known to this version and counts as no evidence");
            detail = $"in {line}: {word}";
        }
        if (car.PipelineId is { } pipeline && car.PipelineStatus is { } verdict) detail = $"{detail}; pipeline {pipeline} of the train: {SourceText.Quote(verdict)}";
        Add(change, repository, new Ordinal(car.EnteredAt.ToUnixTimeMilliseconds(), car.MovedAt.ToUnixTimeMilliseconds()), reason, car.EnteredAt, detail, Evidence.From(car.Url, $"!{number}"), settings, harvest);
    }

    /// <summary>Adds why it left, or what was said about entering.</summary>
    public static void AddNote(string repository, long number, TrainNote note, DateTimeOffset at, string? url, GitLabSettings settings, Harvest harvest) =>
        // Who enters anew has a later time, and what is left was entered before: within one instant the note is the later.
        Add(Key.PullRequest(repository, number), repository, new Ordinal(at.ToUnixTimeMilliseconds(), long.MaxValue), note.Reason, at, note.Detail, Evidence.From(url, $"!{number}"), settings, harvest);

    private static void Add(Key change, string repository, Ordinal ordinal, Reason reason, DateTimeOffset at, string detail, Evidence evidence, GitLabSettings settings, Harvest harvest) => harvest.Facts.Add(new Fact
    {
        Subject = Key.Create(Scheme, change.Value),
        Kind = Gates.Merged,
        Writer = settings.Host.SourceControl,
        Ordinal = ordinal,
        Status = GateStatus.Waiting,
        Reason = reason,
        OccurredAt = at,
        Name = Scheme,
        Detail = detail,
        Evidence = evidence,
        Links = [change],
        Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(FactAttributes.Repository, repository.ToLowerInvariant()),
    });
}
