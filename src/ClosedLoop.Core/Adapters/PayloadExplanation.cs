using System.Collections.Immutable;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters;

/// <summary>What an adapter makes of a payload, a polled object or a list of objects, offline: for adapter authors and operators.</summary>
public sealed record PayloadExplanation
{
    /// <summary>The facts in it.</summary>
    public ImmutableArray<Fact> Facts { get; init; } = [];

    /// <summary>The parts that say nothing, each with the reason in one sentence.</summary>
    public ImmutableArray<string> Ignored { get; init; } = [];

    /// <summary>Things that an operator should know.</summary>
    public ImmutableArray<string> Diagnostics { get; init; } = [];

    /// <summary><c>passed</c>, <c>failed</c>, <c>running</c>, or <c>none</c>: no evidence either way.</summary>
    public string Verdict { get; init; } = "none";

    /// <summary>What this kind of source adds to the verdict: counts (<see cref="long"/>), texts (<see cref="string"/>) or lists of texts, by name.</summary>
    public ImmutableSortedDictionary<string, object> Summary { get; init; } = ImmutableSortedDictionary.Create<string, object>(StringComparer.Ordinal);

    /// <summary>Explains facts: failed if one of them failed, else running if one runs, else passed if one passed.</summary>
    public static PayloadExplanation Of(IEnumerable<Fact> facts)
    {
        ImmutableArray<Fact> all = [.. facts];
        return new PayloadExplanation { Facts = all, Verdict = VerdictOf(all) };
    }

    /// <summary>Explains a translated webhook.</summary>
    public static PayloadExplanation Of(Translation translation)
    {
        ArgumentNullException.ThrowIfNull(translation);
        return Of(translation.Facts) with
        {
            Diagnostics = translation.Diagnostics,
            Ignored = translation.Outcome == TranslationOutcome.Facts ? [] : [$"{translation.Event}: {(translation.Outcome == TranslationOutcome.Malformed ? "malformed: " : "")}{translation.Detail}"],
        };
    }

    private static string VerdictOf(ImmutableArray<Fact> facts)
    {
        var gates = facts.Where(static f => f.Kind is not (FactKinds.Link or FactKinds.Landing or FactKinds.Head or FactKinds.Item or FactKinds.Baseline)).Select(static f => f.Status).ToHashSet();
        if (gates.Contains(GateStatus.Failed)) return "failed";
        if (gates.Contains(GateStatus.Running)) return "running";
        return gates.Contains(GateStatus.Passed) ? "passed" : "none";
    }
}
