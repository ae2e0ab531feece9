using ClosedLoop.Pipelines;

namespace ClosedLoop.Deadlines;

/// <summary>A rule by which the clocks of some gates or repositories stand still at times.</summary>
public abstract record ClockRule
{
    // Ten years and a little: nothing is asked for beyond.
    private protected const int MaxDays = 3700;

    private protected ClockRule()
    {
    }

    /// <summary>The gates: names, or beginnings followed by <c>*</c>, and <c>done</c> for the limit from the merge to DONE. Empty: all.</summary>
    public IReadOnlyList<string> Gates { get; init; } = [];

    /// <summary>The repositories: names, or beginnings followed by <c>*</c> (<c>acme/*</c>), in any case. Empty: all.</summary>
    public IReadOnlyList<string> Repositories { get; init; } = [];

    /// <summary>Why, in a few words for people. Shown with items that wait meanwhile.</summary>
    public string? Reason { get; init; }

    internal bool AppliesTo(RunningLimit limit) => NamePattern.IsAmong(Gates, limit.Gate) && NamePattern.IsAmong(Repositories, limit.Repository);

    /// <summary>The pauses that end after an instant, in order.</summary>
    internal abstract IEnumerable<ClockPause> PausesFrom(DateTimeOffset from);

    /// <summary>What is wrong with it and how to fix it, or null.</summary>
    internal virtual string? Mistake() =>
        Gates.Concat(Repositories).FirstOrDefault(static p => !NamePattern.IsValid(p)) is { } pattern ? $"names '{pattern}'; use a name, or a beginning followed by '*' such as 'acme/*'" : null;
}
