using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>What taking a fact into the line index will ask of it, so that the questions of a whole batch are asked together; and of which facts anything is asked.</summary>
internal sealed class ReadAhead(CoverageKinds kinds, FactGraph graph)
{
    public IEnumerable<IndexRange> Of(Fact fact)
    {
        if (MayAffect(fact)) yield return LineKeys.Under(LineKeys.NamedBy(fact.Subject));
        if (MayAffect(fact) && CommitId.Of(fact.Subject) is { } landing)
        {
            yield return LineKeys.Under(LineKeys.EffectsBySha(landing.Repository, landing.Sha));
            yield return LineKeys.Only(LineKeys.Node(landing.Repository, landing.Sha));
        }
        if (MayBeLinked(fact.Subject)) yield return LineKeys.Under(LineKeys.RanBy(fact.Subject));
        if (!IsEvidence(fact)) yield break;
        yield return LineKeys.Only(LineKeys.Register(fact.Register));
        string? level = kinds.IsLevel(fact.Kind) ? EvidenceFold.SeriesOf(fact) : null;
        foreach (var commit in EvidenceFold.CommitsOf(fact, graph))
        {
            yield return LineKeys.Only(LineKeys.Node(commit.Repository, commit.Sha));
            if (level is not null) yield return LineKeys.Only(LineKeys.SeriesIn(level, commit.Repository));
        }
    }

    /// <summary>Whether a fact may say what a commit does to a change.</summary>
    public static bool MayAffect(Fact fact) => fact.Kind is FactKinds.Landing or FactKinds.Revert or FactKinds.Equivalent or FactKinds.Link;

    /// <summary>Whether things link to a subject: a link of an image or a build tells also what is about those.</summary>
    public static bool MayBeLinked(Key subject) => !subject.Is(KeySchemes.Commit) && !subject.Is(KeySchemes.PullRequest) && !subject.Is(KeySchemes.Item) && !subject.Is(KeySchemes.Branch);

    public bool IsEvidence(Fact fact) => !fact.Subject.Is(KeySchemes.Environment) && (kinds.IsEvidence(fact.Kind) || fact.Kind == FactKinds.Veto);
}
