using ClosedLoop.Facts;
using ClosedLoop.Storage;

namespace ClosedLoop.Lines;

/// <summary>
/// Which rows of the line index folding a batch will ask for because of what its facts lead up to: the places of commits, and what was done to the changes
/// that will be folded. It follows the batch's own links and those that are known; what lies behind a link that is not known yet is asked for later, when it is.
/// </summary>
internal sealed class ReachAhead(FactGraph graph, IReadOnlyCollection<Fact> facts)
{
    private readonly ILookup<Key, Fact> _bySubject = facts.ToLookup(static f => f.Subject);
    private readonly KeyTrail _trail = new();

    public IEnumerable<IndexRange> Ranges()
    {
        foreach (var fact in facts)
        {
            _trail.Add(fact.Subject);
            foreach (var link in fact.Links)
            {
                _trail.Add(link);
                if (link.Is(KeySchemes.PullRequest) && ReadAhead.MayAffect(fact)) yield return LineKeys.Under(LineKeys.NamedBy(link));
            }
        }
        for (int i = 0; i < _trail.Count; i++)
        {
            var key = _trail[i];
            if (key.Is(KeySchemes.Branch)) continue;
            if (key.Is(KeySchemes.PullRequest)) yield return LineKeys.Under(LineKeys.Effects(key));
            else if (CommitId.Of(key) is { } commit) yield return LineKeys.Only(LineKeys.Node(commit.Repository, commit.Sha));
            if (key.Is(KeySchemes.Item))
            {
                // An item is folded from all of its changes.
                foreach (var child in graph.ChildrenOf(key))
                    if (child.Is(KeySchemes.PullRequest)) _trail.Add(child);
                continue;
            }
            foreach (var fact in graph.FactsOf(key)) AddLinks(fact);
            foreach (var fact in _bySubject[key]) AddLinks(fact);
        }
    }

    private void AddLinks(Fact fact)
    {
        for (int l = 0; l < fact.Links.Count; l++) _trail.Add(fact.Links[l]);
    }
}
