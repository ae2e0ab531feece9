using ClosedLoop.Facts;

namespace ClosedLoop.Simulation.Tests.World;

/// <summary>A pull request and what became of it.</summary>
internal sealed class Change(Repository repository, int number, string head)
{
    public Repository Repository => repository;

    public int Number => number;

    public Key Key { get; } = Key.PullRequest(repository.Name, number);

    /// <summary>The item that its text names; null when nobody or only the agent links it.</summary>
    public string? NamedItem { get; init; }

    /// <summary>The item that it belongs to, by whatever way.</summary>
    public string? Item { get; set; }

    public string Head { get; set; } = head;

    public int Version { get; set; }

    /// <summary>Open or closed, from when on.</summary>
    public List<(DateTimeOffset At, bool Open)> Opened { get; } = [];

    /// <summary>What each reviewer said last, from when on.</summary>
    public SortedDictionary<string, List<(DateTimeOffset At, GateStatus Status, string Head)>> Reviews { get; } = new(StringComparer.Ordinal);

    public DateTimeOffset? MergedAt { get; set; }

    /// <summary>The commits that brought it and that took it away, in turn.</summary>
    public List<LineCommit> OnLine { get; } = [];

    public bool IsOpen => MergedAt is null && Opened.Count > 0 && Opened[^1].Open;
}
