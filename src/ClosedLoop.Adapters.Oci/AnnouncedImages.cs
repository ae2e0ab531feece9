namespace ClosedLoop.Adapters.Oci;

/// <summary>
/// What webhooks announced since the last sweep, so that the sweep reads it first. Only a hint: it is lost with the process, and the sweep of the tags
/// finds the same. Safe from several threads.
/// </summary>
internal sealed class AnnouncedImages
{
    private const int MaxKept = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Repository, string Digest), PushedImage> _images = [];

    public void Add(PushedImage image)
    {
        lock (_gate)
        {
            if (_images.Count < MaxKept || _images.ContainsKey((image.Repository, image.Digest))) _images[(image.Repository, image.Digest)] = image;
        }
    }

    public List<PushedImage> Take()
    {
        lock (_gate)
        {
            var taken = _images.Values.ToList();
            _images.Clear();
            return taken;
        }
    }
}
