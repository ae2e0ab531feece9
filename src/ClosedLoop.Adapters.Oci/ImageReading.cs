namespace ClosedLoop.Adapters.Oci;

/// <summary>One image while it is read.</summary>
internal sealed class ImageReading(RepositoryRule rule)
{
    private readonly Dictionary<string, ImageNode> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    public RepositoryRule Rule { get; } = rule;

    public List<ImageNode> Nodes { get; } = [];

    /// <summary>Manifests of the index that say something of another one.</summary>
    public List<Descriptor> Attestations { get; } = [];

    public int Manifests { get; set; }

    /// <summary>Whether a manifest of it is an image; a list of charts or of nothing is none.</summary>
    public bool HasImage { get; set; }

    public bool NamesCommit => Nodes.Exists(n => n.Claims.Exists(c => c.Resolve(Rule, []) is not null));

    /// <summary>Whether the digest was not met before.</summary>
    public bool IsFirst(string digest) => _seen.Add(digest) && !_nodes.ContainsKey(digest);

    public ImageNode? Find(string digest) => _nodes.GetValueOrDefault(digest);

    public ImageNode Node(string digest, ImageNode? parent, ImageNode? claimsOf = null)
    {
        if (!_nodes.TryGetValue(digest, out var node))
        {
            node = _nodes[digest] = new ImageNode(digest) { ClaimsOf = claimsOf };
            Nodes.Add(node);
        }
        if (parent is not null && parent != node) node.Parents.Add(parent.Digest);
        return node;
    }
}
