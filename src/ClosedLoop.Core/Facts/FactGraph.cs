namespace ClosedLoop.Facts;

/// <summary>
/// A working set of registers and the links between their subjects, in memory. The committer loads the neighbourhood of a batch
/// into one, applies the batch, and folds the items that it touched. Not safe for use by several threads.
/// </summary>
public sealed class FactGraph
{
    // By the key's text: a dictionary hashes texts by a faster function than a key can.
    private readonly Dictionary<string, SubjectRegisters> _subjects = [];
    private readonly Dictionary<Key, HashSet<Key>> _children = [];

    private static readonly List<Fact> NoFacts = [];

    /// <summary>The number of registers.</summary>
    public int Count { get; private set; }

    /// <summary>Every register, in no particular order.</summary>
    public IEnumerable<Fact> Facts => _subjects.Values.SelectMany(static s => s.Facts);

    /// <summary>Joins a fact into its register.</summary>
    /// <returns>The register's new value when it changed, else null: the fact was known or is older.</returns>
    public Fact? Apply(Fact fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        string subject = fact.Subject.ToString();
        if (!_subjects.TryGetValue(subject, out var registers)) _subjects[subject] = registers = new SubjectRegisters();
        int place = registers.Find(fact.Kind, fact.Writer);
        if (place < 0)
        {
            Count++;
            registers.Add(fact);
            Link(fact);
            return fact;
        }
        var known = registers.Facts[place];
        var joined = FactJoin.JoinRegister(known, fact);
        if (joined.Equals(known)) return null;
        registers.Facts[place] = joined;
        foreach (var parent in known.Links)
            if (!joined.Links.Contains(parent) && !registers.Facts.Any(r => r.Links.Contains(parent)))
                _children[parent].Remove(fact.Subject);
        Link(joined);
        return joined;
    }

    /// <summary>The current fact of a register, or null.</summary>
    public Fact? Find(RegisterId id) => _subjects.TryGetValue(id.Subject.ToString(), out var registers) && registers.Find(id.Kind, id.Writer) is >= 0 and var place ? registers.Facts[place] : null;

    /// <summary>The registers of one subject.</summary>
    public IReadOnlyCollection<Fact> FactsOf(Key subject) => _subjects.TryGetValue(subject.ToString(), out var registers) ? registers.Facts : [];

    /// <summary>The same, as the list that it is: a loop over it needs no enumerator of its own.</summary>
    internal List<Fact> RegistersOf(Key subject) => _subjects.TryGetValue(subject.ToString(), out var registers) ? registers.Facts : NoFacts;

    /// <summary>The keys that a subject links to.</summary>
    public IEnumerable<Key> ParentsOf(Key subject) => FactsOf(subject).SelectMany(static f => f.Links).Distinct();

    /// <summary>The subjects that link to a key.</summary>
    public IReadOnlyCollection<Key> ChildrenOf(Key key) => _children.TryGetValue(key, out var children) ? children : [];

    /// <summary>Whether a subject has a fact of a kind.</summary>
    public bool Has(Key subject, string kind)
    {
        foreach (var fact in RegistersOf(subject))
            if (fact.Kind == kind) return true;
        return false;
    }

    /// <summary>
    /// The items that a subject belongs to: the <c>item:</c> keys above it, and for a pull request that names no item, the item
    /// that stands for it, <c>item:pr:owner/repo#n</c>, so that no change is invisible.
    /// </summary>
    public void CollectItems(Key subject, ISet<Key> items)
    {
        var walk = new KeyTrail();
        walk.Add(subject);
        // Where a branch belongs decides whether the changes on it stand for themselves.
        if (subject.Is(KeySchemes.Branch))
            foreach (var child in ChildrenOf(subject))
                if (child.Is(KeySchemes.PullRequest))
                    items.Add(Key.Item(child.ToString()));
        for (int i = 0; i < walk.Count; i++)
        {
            var key = walk[i];
            if (key.Is(KeySchemes.Item))
            {
                items.Add(key);
                // What was said of a stand-in counts for the item that it gave way to.
                if (StandsFor(key) is { } change) walk.Add(change);
                continue;
            }
            // Also when it has found its item: the stand-in from before the link was known must be folded away.
            if (key.Is(KeySchemes.PullRequest)) items.Add(Key.Item(key.ToString()));
            AddLinks(key, walk);
        }
    }

    /// <summary>Whether an item exists: somebody opened it, or a change names it, or it stands for a change that names none.</summary>
    public bool Exists(Key item)
    {
        var change = StandsFor(item);
        // A stand-in that only a migration declared gives way like any other when its change turns out to have an item.
        foreach (var fact in RegistersOf(item))
            if (fact.Kind == FactKinds.Item && (change is null || fact.Attribute(FactAttributes.Migration) is null)) return true;
        if (change is { } stoodFor && (IsChange(stoodFor) || Has(item, FactKinds.Item))) return !ReachesItem(stoodFor);
        return change is null && ReachesChange(item, new KeyTrail());
    }

    /// <summary>The change that an item stands for, when its id is that of a change; else null.</summary>
    public static Key? StandsFor(Key item) =>
        Key.TryParse(item.Value, out var change) && change.Is(KeySchemes.PullRequest) ? change : null;

    /// <summary>Whether a subject is a change: a pull request with facts, or a commit that landed.</summary>
    internal bool IsChange(Key subject) =>
        subject.Is(KeySchemes.PullRequest) ? FactsOf(subject).Any(static f => f.Kind != FactKinds.Link) : IsLanding(subject);

    /// <summary>Whether a subject is a commit that landed on a line.</summary>
    internal bool IsLanding(Key subject) => subject.Is(KeySchemes.Commit) && Has(subject, FactKinds.Landing);

    private bool ReachesItem(Key subject)
    {
        var walk = new KeyTrail();
        walk.Add(subject);
        for (int i = 0; i < walk.Count; i++)
        {
            if (walk[i].Is(KeySchemes.Item)) return true;
            AddLinks(walk[i], walk);
        }
        return false;
    }

    private void AddLinks(Key subject, KeyTrail walk)
    {
        foreach (var fact in RegistersOf(subject))
            for (int i = 0; i < fact.Links.Count; i++)
                walk.Add(fact.Links[i]);
    }

    private bool ReachesChange(Key key, KeyTrail seen) =>
        seen.Add(key) && ChildrenOf(key).Any(child => IsChange(child) || (child.Is(KeySchemes.Branch) && ReachesChange(child, seen)));

    private void Link(Fact fact)
    {
        foreach (var parent in fact.Links)
        {
            if (!_children.TryGetValue(parent, out var children)) _children[parent] = children = [];
            children.Add(fact.Subject);
        }
    }
}
