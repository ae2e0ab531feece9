using ClosedLoop.Adapters;

namespace ClosedLoop.Hosting;

/// <summary>The adapters of this process, by name.</summary>
internal sealed class AdapterCatalog
{
    private readonly Dictionary<string, AdapterRegistration> _byName;

    public AdapterCatalog(IEnumerable<AdapterRegistration> adapters)
    {
        All = [.. adapters];
        _byName = new Dictionary<string, AdapterRegistration>(StringComparer.Ordinal);
        foreach (var adapter in All)
        {
            if (!_byName.TryAdd(adapter.Name, adapter))
                throw new InvalidOperationException($"Two adapters are named '{adapter.Name}'; give one of them another name.");
            if (adapter.Translator is not null && adapter.Authenticator is null)
                throw new InvalidOperationException($"Adapter '{adapter.Name}' takes webhooks and has no authenticator; add one: unauthenticated deliveries are never taken.");
            if (adapter.PollInterval <= TimeSpan.Zero)
                throw new InvalidOperationException($"Adapters:{adapter.Name}:PollInterval is {adapter.PollInterval}; use a positive time such as 00:01:00.");
        }
        Probing = [.. All.Where(static a => a.Probe is not null)];
    }

    public IReadOnlyList<AdapterRegistration> All { get; }

    public IReadOnlyList<AdapterRegistration> Probing { get; }

    public AdapterRegistration? Find(string name) => _byName.GetValueOrDefault(name);
}
