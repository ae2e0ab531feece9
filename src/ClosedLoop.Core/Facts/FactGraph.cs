namespace ClosedLoop.Facts;

/// <summary>
/// A working set of registers and the links between their subjects, in memory. The committer loads the neighbourhood of a batch
/// into one, applies the batch, and folds the items that it touched. Not safe for use by several threads.
/// </summary>
public sealed class FactGraph
{
    private readonly Dictionary<Key, SubjectRegisters> _subjects = [];

    /// <summary>The number of registers.</summary>
    public int Count { get; private set; }

    /// <summary>Every register, in no particular order.</summary>
    public IEnumerable<Fact> Facts => _subjects.Values.SelectMany(static s => s.Facts);

    /// <summary>Joins a fact into its register.</summary>
    /// <returns>The register's new value when it changed, else null: the fact was known or is older.</returns>
    public Fact? Apply(Fact fact) => Apply(fact, out _);

    /// <summary>Joins a fact into its register, and says what the register was before.</summary>
    internal Fact? Apply(Fact fact, out Fact? known)
    {
        ArgumentNullException.ThrowIfNull(fact);
        var registers = At(fact.Subject);
        int place = registers.Find(fact.Kind, fact.Writer);
        if (place < 0)
        {
            known = null;
            Count++;
            registers.Add(fact);
            Link(fact);
            return fact;
        }
        known = registers.Facts[place];
        var joined = FactJoin.JoinRegister(known, fact);
        if (joined.Equals(known)) return null;
        registers.Facts[place] = joined;
        for (int l = 0; l < known.Links.Count; l++)
            if (!AnyLinks(registers.Facts, known.Links[l]))
                At(known.Links[l]).RemoveChild(fact.Subject);
        Link(joined);
        return joined;
    }

    /// <summary>The current fact of a register, or null.</summary>
    public Fact? Find(RegisterId id) => _subjects.TryGetValue(id.Subject, out var registers) && registers.Find(id.Kind, id.Writer) is >= 0 and var place ? registers.Facts[place] : null;

    /// <summary>The registers of one subject.</summary>
    public IReadOnlyCollection<Fact> FactsOf(Key subject) => RegistersOf(subject);

    /// <summary>The same, as the list that it is: a loop over it needs no enumerator of its own.</summary>
    internal List<Fact> RegistersOf(Key subject) => Of(subject).Facts;

    /// <summary>The keys that a subject links to.</summary>
    public IEnumerable<Key> ParentsOf(Key subject) => FactsOf(subject).SelectMany(static f => f.Links).Distinct();

    /// <summary>The subjects that link to a key.</summary>
    public IReadOnlyCollection<Key> ChildrenOf(Key key) => LinkedTo(key);

    /// <summary>The same, as the list that it is.</summary>
    internal List<Key> LinkedTo(Key key) => Of(key).Children;

    /// <summary>All that is known of a subject, found once.</summary>
    internal SubjectRegisters Of(Key subject) => _subjects.TryGetValue(subject, out var registers) ? registers : SubjectRegisters.None;

    /// <summary>Whether a subject has a fact of a kind.</summary>
    public bool Has(Key subject, string kind) => Of(subject).Has(kind);

    /// <summary>
    /// The items that a subject belongs to: the <c>item:</c> keys above it, and for a pull request that names no item, the item
    /// that stands for it, <c>item:pr:owner/repo#n</c>, so that no change is invisible.
    /// </summary>
    public void CollectItems(Key subject, ISet<Key> items) => CollectItems(subject, items, new KeyTrail());

    /// <summary>The same, with a trail that was used before.</summary>
    internal void CollectItems(Key subject, ISet<Key> items, KeyTrail walk)
    {
        // Where a branch belongs decides whether the changes on it stand for themselves.
        if (subject.Is(KeySchemes.Branch))
            foreach (var child in LinkedTo(subject))
                if (child.Is(KeySchemes.PullRequest))
                    items.Add(Key.Item(child.ToString()));
        CollectAbove(subject, items, walk);
    }

    /// <summary>The items at or above a key, by its links alone.</summary>
    internal void CollectAbove(Key start, ISet<Key> items, KeyTrail walk)
    {
        walk.Clear();
        walk.Add(start);
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
    public bool Exists(Key item) => Exists(item, new KeyTrail());

    /// <summary>The same, with a trail that was used before.</summary>
    internal bool Exists(Key item, KeyTrail walk)
    {
        var change = StandsFor(item);
        // A stand-in that only a migration declared gives way like any other when its change turns out to have an item.
        foreach (var fact in RegistersOf(item))
            if (fact.Kind == FactKinds.Item && (change is null || fact.Attribute(FactAttributes.Migration) is null)) return true;
        if (change is { } stoodFor && (IsChange(stoodFor) || Has(item, FactKinds.Item))) return !ReachesItem(stoodFor, walk);
        if (change is not null) return false;
        walk.Clear();
        return ReachesChange(item, walk);
    }

    /// <summary>The change that an item stands for, when its id is that of a change; else null.</summary>
    public static Key? StandsFor(Key item) =>
        item.ValueSpan.StartsWith(KeySchemes.PullRequest + ":", StringComparison.Ordinal) && Key.TryParse(item.Value, out var change) ? change : null;

    /// <summary>Whether a subject is a change: a pull request with facts, or a commit that landed.</summary>
    internal bool IsChange(Key subject)
    {
        if (!subject.Is(KeySchemes.PullRequest)) return IsLanding(subject);
        foreach (var fact in Of(subject).Facts)
            if (fact.Kind != FactKinds.Link) return true;
        return false;
    }

    /// <summary>Whether a subject is a commit that landed on a line.</summary>
    internal bool IsLanding(Key subject) => subject.Is(KeySchemes.Commit) && Has(subject, FactKinds.Landing);

    private bool ReachesItem(Key subject, KeyTrail walk)
    {
        walk.Clear();
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

    private bool ReachesChange(Key key, KeyTrail seen)
    {
        if (!seen.Add(key)) return false;
        foreach (var child in LinkedTo(key))
            if (IsChange(child) || (child.Is(KeySchemes.Branch) && ReachesChange(child, seen))) return true;
        return false;
    }

    private SubjectRegisters At(Key key)
    {
        if (!_subjects.TryGetValue(key, out var registers)) _subjects[key] = registers = new SubjectRegisters();
        return registers;
    }

    private void Link(Fact fact)
    {
        for (int l = 0; l < fact.Links.Count; l++) At(fact.Links[l]).AddChild(fact.Subject);
    }

    private static bool AnyLinks(List<Fact> facts, Key parent)
    {
        foreach (var fact in facts)
            if (fact.Links.Contains(parent)) return true;
        return false;
    }
}
