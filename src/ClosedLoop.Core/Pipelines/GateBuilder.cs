using System.Collections.Immutable;

namespace ClosedLoop.Pipelines;

/// <summary>Declares one gate. Not safe for use by several threads; the built definition is.</summary>
public sealed class GateBuilder
{
    private GateDefinition _gate;

    internal GateBuilder(GateDefinition gate) => _gate = gate;

    /// <summary>Says in one line what it means that the gate is passed.</summary>
    public GateBuilder Describe(string description) => With(_gate with { Description = description });

    /// <summary>Names who may write the gate: roles (<c>ci</c>) or full names (<c>ci:jenkins</c>). Replaces earlier writers.</summary>
    public GateBuilder WrittenBy(params string[] writers) => With(_gate with { Writers = [.. writers] });

    /// <summary>Listens to these kinds of fact besides the gate's own name.</summary>
    public GateBuilder ListenTo(params string[] kinds) => With(_gate with { Signals = [.. kinds] });

    /// <summary>Alerts when the gate has not passed this long after it became eligible.</summary>
    public GateBuilder Within(TimeSpan expected, TimeSpan buffer = default) => With(_gate with { FinishWithin = expected, Buffer = buffer });

    /// <summary>Alerts when nothing has started this long after the gate became eligible.</summary>
    public GateBuilder StartsWithin(TimeSpan expected) => With(_gate with { StartWithin = expected });

    /// <summary>
    /// Other limits for the items of some repositories, of a priority, or both: <c>g.WithinFor("acme/*", "P0", TimeSpan.FromMinutes(10))</c>.
    /// They take the place of the gate's own limits and buffer. Where several match an item, a repository with a priority stands above a
    /// repository, and that above a priority; a full name above a pattern, and a longer pattern above a shorter. Declared again, the last counts.
    /// </summary>
    /// <param name="repository">A repository, or a beginning followed by <c>*</c>, in any case. Null: any.</param>
    /// <param name="priority">A priority, in any case. Null: any.</param>
    /// <param name="expected">As in <see cref="Within"/>. Null: never alerts that it has not passed.</param>
    /// <param name="buffer">Added to both limits.</param>
    /// <param name="startsWithin">As in <see cref="StartsWithin"/>. Null: never alerts that nothing has started.</param>
    public GateBuilder WithinFor(string? repository = null, string? priority = null, TimeSpan? expected = null, TimeSpan buffer = default, TimeSpan? startsWithin = null)
    {
        var added = new LimitOverride { Repository = repository, Priority = priority, FinishWithin = expected, StartWithin = startsWithin, Buffer = buffer };
        var others = _gate.LimitOverrides.OrEmpty().Where(o => !IsSame(o.Repository, repository) || !IsSame(o.Priority, priority));
        return With(_gate with { LimitOverrides = [.. others.Append(added).OrderBy(static o => o.Precedence)] });

        static bool IsSame(string? a, string? b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Removes both clocks, also those for some items only.</summary>
    public GateBuilder WithoutAlert() => With(_gate with { FinishWithin = null, StartWithin = null, LimitOverrides = [] });

    /// <summary>One passing series is enough.</summary>
    public GateBuilder PassWhenAny() => With(_gate with { Rule = GateRule.Any });

    /// <summary>Every known series must pass.</summary>
    public GateBuilder PassWhenAll() => With(_gate with { Rule = GateRule.All });

    /// <summary>Enough series must pass and none may fail; those without a verdict, such as a dismissed review, do not matter.</summary>
    public GateBuilder PassWhenNoneFails() => With(_gate with { Rule = GateRule.NoneFails });

    /// <summary>Each of these series (checks, jobs, targets) must pass; others do not matter.</summary>
    public GateBuilder Require(params string[] names) => With(_gate with { Rule = GateRule.Named, Names = [.. names] });

    /// <summary>This many series must pass, for instance two approvals.</summary>
    public GateBuilder AtLeast(int count) => With(_gate with { AtLeast = count });

    /// <summary>Only these environments count.</summary>
    public GateBuilder InEnvironments(params string[] environments) => With(_gate with { Environments = [.. environments] });

    /// <summary>Only facts about the change's current head commit count.</summary>
    public GateBuilder BoundToHead() => With(_gate with { BoundToHead = true });

    /// <summary>Evidence from before the preceding gate passed does not count.</summary>
    public GateBuilder AfterPrevious() => With(_gate with { AfterPrevious = true });

    /// <summary>Evidence about a commit counts for every change that the commit contains: CI of a target branch, images.</summary>
    public GateBuilder Cumulative() => With(_gate with { Coverage = GateCoverage.Cumulative });

    /// <summary>Only what runs now counts, per environment and target: rollout and health. A rollback takes it away.</summary>
    public GateBuilder Level() => With(_gate with { Coverage = GateCoverage.Level });

    /// <summary>A pass has to last this long before it counts; then it stays for as long as the version runs.</summary>
    public GateBuilder Soak(TimeSpan duration) => With(_gate with { Soak = duration });

    /// <summary>Asks for the change on these branches: names, or patterns with a trailing <c>*</c>.</summary>
    public GateBuilder OnLines(params string[] branches) => With(_gate with { Lines = [.. branches] });

    /// <summary>Does not apply to changes that touch only such paths: <c>docs/**</c> (a folder), <c>*.md</c> (a name anywhere), or a full path.</summary>
    public GateBuilder ExemptPaths(params string[] patterns) => With(_gate with { ExemptPaths = [.. patterns] });

    /// <summary>Passes when this many targets (or checks) pass, whatever the others do.</summary>
    public GateBuilder Quorum(int count) => With(_gate with { Rule = GateRule.Any, AtLeast = count });

    /// <summary>No person may record or waive this gate by hand.</summary>
    public GateBuilder WithoutPersons() => With(_gate with { AllowsPersons = false });

    internal GateDefinition Build() => _gate;

    private GateBuilder With(GateDefinition gate)
    {
        _gate = gate;
        return this;
    }
}
