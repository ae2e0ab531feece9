using System.Collections.Immutable;

namespace ClosedLoop.Pipelines;

/// <summary>
/// One gate as data: its name, who may write it, how evidence is combined and how long it may take.
/// Built by <see cref="GateBuilder"/>; immutable and safe to share.
/// </summary>
public sealed record GateDefinition
{
    /// <summary>The gate's name: lower-case letters, digits and '-'.</summary>
    public required string Name { get; init; }

    /// <summary>One line for people: what it means that this gate is passed.</summary>
    public string Description { get; init; } = "";

    /// <summary>The kinds of fact that it listens to besides its own name. The default is none.</summary>
    public ImmutableArray<string> Signals { get; init; } = [];

    /// <summary>Who may write it: roles (<c>ci</c>) or full names (<c>ci:jenkins</c>). Facts of others are refused.</summary>
    public ImmutableArray<string> Writers { get; init; } = [];

    /// <summary>Whether a named person may record or waive it. The default is true.</summary>
    public bool AllowsPersons { get; init; } = true;

    /// <summary>How several series are combined. The default is <see cref="GateRule.All"/>.</summary>
    public GateRule Rule { get; init; }

    /// <summary>The series that <see cref="GateRule.Named"/> requires.</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>How many series must pass. The default is 1; reviews use it for the number of approvals.</summary>
    public int AtLeast { get; init; } = 1;

    /// <summary>The environments that count. Empty: any.</summary>
    public ImmutableArray<string> Environments { get; init; } = [];

    /// <summary>Whether only facts about the change's current head commit count (an approval does not survive a push). The default is false, as GitHub's.</summary>
    public bool BoundToHead { get; init; }

    /// <summary>Whether evidence observed before the preceding gate passed does not count (health of the old version). The default is false.</summary>
    public bool AfterPrevious { get; init; }

    /// <summary>How evidence about a commit counts for the changes that the commit contains. The default is <see cref="GateCoverage.Exact"/>.</summary>
    public GateCoverage Coverage { get; init; }

    /// <summary>
    /// The branches that count: names, or patterns with a trailing <c>*</c> (<c>release/*</c>). Then the gate asks for the change on such a
    /// branch (merged to staging is not merged to main). Empty: the branch that the change landed on.
    /// </summary>
    public ImmutableArray<string> Lines { get; init; } = [];

    /// <summary>How long a pass has to last before it counts, after which it stays. Only for <see cref="GateCoverage.Level"/>. The default is zero.</summary>
    public TimeSpan Soak { get; init; }

    /// <summary>
    /// Paths that this gate has nothing to do with (<c>docs/**</c>, <c>*.md</c>): it is not applicable to a change whose paths are all known
    /// and all match. Empty: it always applies.
    /// </summary>
    public ImmutableArray<string> ExemptPaths { get; init; } = [];

    /// <summary>Alert when nothing has started this long after the gate became eligible. Null: never.</summary>
    public TimeSpan? StartWithin { get; init; }

    /// <summary>Alert when the gate has not passed this long after it became eligible. Null: never.</summary>
    public TimeSpan? FinishWithin { get; init; }

    /// <summary>Added to both limits. The default is zero.</summary>
    public TimeSpan Buffer { get; init; }

    /// <summary>Other limits for some items, by repository and priority. The first that matches takes the place of the gate's own. The default is none.</summary>
    public ImmutableArray<LimitOverride> LimitOverrides { get; init; } = [];

    /// <summary>
    /// When this gate joined a pipeline that was already running; items that had passed this point before are not held by it.
    /// Set by the engine; null for a gate of the pipeline's first version.
    /// </summary>
    public DateTimeOffset? IntroducedAt { get; init; }

    /// <summary>Whether this gate accepts facts from a writer.</summary>
    public bool Accepts(Facts.Writer writer)
    {
        if (writer.Role == Facts.WriterRoles.Person) return AllowsPersons;
        if (writer == Facts.Writer.Migration) return true;
        foreach (string pattern in Writers)
            if (writer.Matches(pattern))
                return true;
        return false;
    }

    /// <summary>Whether this gate listens to a kind of fact: to its own name always, since a person records and waives by it.</summary>
    public bool ListensTo(string kind)
    {
        if (kind == Name) return true;
        if (Signals.IsDefault) return false;
        foreach (string signal in Signals)
            if (signal == kind) return true;
        return false;
    }
}
