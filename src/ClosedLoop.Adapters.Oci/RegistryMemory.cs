using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Oci;

/// <summary>
/// What this process read, so that it reads each image once: a digest's content never changes. Nothing depends on it but the number of requests. Safe from
/// several threads.
/// </summary>
internal sealed class RegistryMemory
{
    /// <summary>The most tags of one repository that are looked at.</summary>
    public const int MaxTags = 20_000;

    private const int MaxFacts = 50_000, MaxAbsent = 20_000;

    private static readonly TimeSpan AbsentFor = TimeSpan.FromMinutes(15);

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Repository, string Digest), (ImageSet Set, DateTimeOffset FoundAt)> _sets = [];
    private readonly Dictionary<Key, List<(string Repository, string Digest)>> _byKey = [];
    private readonly Dictionary<string, Dictionary<string, TagState>> _tags = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Repository, string Digest), DateTimeOffset> _absent = [];
    private readonly Queue<(string Repository, string Digest)> _oldest = [];
    private long _looks;
    private int _facts;

    /// <summary>One tag: the digest that it was at, or null when it could not be read; when it was looked at, and whether it ever went to another digest.</summary>
    private sealed record TagState(string? Digest, long LookedAt, bool HasMoved);

    public void Add(ImageSet set, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (!_sets.TryAdd((set.Repository, set.Digest), (set, at))) return;
            _oldest.Enqueue((set.Repository, set.Digest));
            _facts += Weight(set);
            foreach (var key in KeysOf(set))
            {
                if (!_byKey.TryGetValue(key, out var places)) _byKey[key] = places = [];
                places.Add((set.Repository, set.Digest));
            }
            while (_facts > MaxFacts && _oldest.Count > 1) Forget(_oldest.Dequeue());
        }
    }

    public bool Knows(RepositoryRule rule, string digest) => Find(rule, digest) is not null;

    public ImageSet? Find(RepositoryRule rule, string digest)
    {
        lock (_gate) return _sets.TryGetValue((rule.Name, digest), out var known) ? known.Set : null;
    }

    /// <summary>The images that a digest or commit belongs to.</summary>
    public List<ImageSet> Of(Key key)
    {
        lock (_gate) return _byKey.TryGetValue(key, out var places) ? [.. places.Select(p => _sets[p].Set)] : [];
    }

    /// <summary>The images that were first read at an instant or later.</summary>
    public List<ImageSet> Since(DateTimeOffset at)
    {
        lock (_gate) return [.. _sets.Values.Where(s => s.FoundAt >= at).Select(static s => s.Set)];
    }

    /// <summary>
    /// A repository's tags in the order in which to look at them, with the digest that is known: new ones, those that moved before, and the quiet others; of these
    /// the least recently looked at first.
    /// </summary>
    public List<(string Tag, string? Known, bool IsQuiet)> Order(RepositoryRule rule, IReadOnlyCollection<string> tags)
    {
        lock (_gate)
        {
            var states = States(rule);
            var present = tags.ToHashSet(StringComparer.Ordinal);
            foreach (string gone in states.Keys.Where(t => !present.Contains(t)).ToList()) states.Remove(gone);
            return [.. present
                .Select(t => (Tag: t, State: states.GetValueOrDefault(t)))
                .OrderBy(static t => t.State is null ? 0 : t.State.HasMoved ? 1 : 2)
                .ThenBy(static t => t.State?.LookedAt ?? 0)
                .ThenByDescending(static t => t.Tag, StringComparer.Ordinal)
                .Select(static t => (t.Tag, t.State?.Digest, t.State is { HasMoved: false }))];
        }
    }

    public bool HasSeen(RepositoryRule rule, string tag)
    {
        lock (_gate) return States(rule).ContainsKey(tag);
    }

    public void Looked(RepositoryRule rule, string tag, string? digest)
    {
        lock (_gate)
        {
            var states = States(rule);
            var before = states.GetValueOrDefault(tag);
            bool moved = before is not null && (before.HasMoved || (before.Digest is not null && digest is not null && before.Digest != digest));
            if (before is not null || states.Count < MaxTags) states[tag] = new TagState(digest, ++_looks, moved);
        }
    }

    public bool IsAbsent(RepositoryRule rule, string digest, DateTimeOffset now)
    {
        lock (_gate) return _absent.TryGetValue((rule.Name, digest), out var until) && now < until;
    }

    public void Absent(RepositoryRule rule, string digest, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_absent.Count >= MaxAbsent) _absent.Clear();
            _absent[(rule.Name, digest)] = now + AbsentFor;
        }
    }

    private void Forget((string Repository, string Digest) place)
    {
        if (!_sets.Remove(place, out var known)) return;
        _facts -= Weight(known.Set);
        foreach (var key in KeysOf(known.Set))
            if (_byKey.TryGetValue(key, out var places) && places.Remove(place) && places.Count == 0) _byKey.Remove(key);
    }

    private static int Weight(ImageSet set) => Math.Max(1, set.Facts.Length);

    private static IEnumerable<Key> KeysOf(ImageSet set) => set.Facts.SelectMany(static f => f.Links.Where(static k => k.Is(KeySchemes.Commit)).Append(f.Subject)).Distinct();

    private Dictionary<string, TagState> States(RepositoryRule rule)
    {
        if (!_tags.TryGetValue(rule.Name, out var states)) _tags[rule.Name] = states = new Dictionary<string, TagState>(StringComparer.Ordinal);
        return states;
    }
}
