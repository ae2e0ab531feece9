using ClosedLoop.Adapters;
using ClosedLoop.Facts;

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
            Check(adapter);
            if (!_byName.TryAdd(adapter.Name, adapter))
                throw new InvalidOperationException($"Two adapters are named '{adapter.Name}'; give one of them another name.");
            if (adapter.Translator is not null && adapter.Authenticator is null)
                throw new InvalidOperationException($"Adapter '{adapter.Name}' takes webhooks and has no authenticator; add one: unauthenticated deliveries are never taken.");
        }
        Probing = [.. All.Where(static a => a.Probe is not null)];
    }

    public IReadOnlyList<AdapterRegistration> All { get; }

    public IReadOnlyList<AdapterRegistration> Probing { get; }

    private static void Check(AdapterRegistration adapter)
    {
        if (string.IsNullOrEmpty(adapter.Name) || !adapter.Name.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            throw new InvalidOperationException($"An adapter is named '{adapter.Name}'; use lower-case letters, digits and '-': the name is part of its webhook's address.");
        string path = $"Adapters:{adapter.Name}";
        if (adapter.Writers.IsDefaultOrEmpty)
            throw new InvalidOperationException($"{path}:Writers is empty, so that every fact of it would be refused; name the writers that it speaks for, such as ci:{adapter.Name}.");
        if (adapter.Writers.Contains(Writer.Migration))
            throw new InvalidOperationException($"{path}:Writers holds {Writer.Migration}; only ILoopMigration writes as that.");
        if (adapter.PollInterval <= TimeSpan.Zero)
            throw new InvalidOperationException($"{path}:PollInterval is {adapter.PollInterval}; use a positive time such as 00:01:00.");
        if (adapter.QuietPollInterval < adapter.PollInterval)
            throw new InvalidOperationException($"{path}:QuietPollInterval is {adapter.QuietPollInterval}, less than PollInterval; use {adapter.PollInterval} or more, or leave it out for three poll intervals.");
        if (adapter.CallsPerHour < 2)
            throw new InvalidOperationException($"{path}:CallsPerHour is {adapter.CallsPerHour}; use 2 or more, or leave it out for no limit.");
        if (adapter.HintDelay < TimeSpan.Zero)
            throw new InvalidOperationException($"{path}:HintDelay is {adapter.HintDelay}; use zero or a positive time such as 00:00:05.");
        if (adapter.MaxKeysPerProbe < 1)
            throw new InvalidOperationException($"{path}:MaxKeysPerProbe is {adapter.MaxKeysPerProbe}; use 1 or more; the default is 100.");
        if (adapter.MaxBodyBytes < 1)
            throw new InvalidOperationException($"{path}:MaxBodyBytes is {adapter.MaxBodyBytes}; use 1 or more; the default is 25 MB.");
        if (adapter.MalformedStatusCode is not (400 or 202 or 422))
            throw new InvalidOperationException($"{path}:MalformedStatusCode is {adapter.MalformedStatusCode}; use 400, 422, or 202 for a sender that stops or repeats on errors.");
    }

    public AdapterRegistration? Find(string name) => _byName.GetValueOrDefault(name);
}
