using ClosedLoop.Adapters;
using ClosedLoop.Facts;
using ClosedLoop.Testing.Sandbox.Registry;

namespace ClosedLoop.Testing.Sandbox.Adapters;

/// <summary>
/// Reads the sandbox's registry: the gate <c>image-built</c>. Written for the sandbox and for demonstrations; it takes a tag for
/// fixed and finds a commit's image by the tag of that name. An adapter for real registries is a package of its own.
/// </summary>
public static class SandboxRegistryAdapter
{
    /// <summary>The adapter's name and the last segment of its webhook's address.</summary>
    public const string Name = "registry";

    /// <summary>The time between two looks, unless another is given: 1 s, since everything in the sandbox goes fast.</summary>
    public static readonly TimeSpan DefaultPollInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How soon the image is read after its notification: 50 ms. The notification names no commit, so nothing is known of any item
    /// before that.
    /// </summary>
    public static readonly TimeSpan HintDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>Who says that an image was built.</summary>
    public static Writer Writer { get; } = new(WriterRoles.Registry, "registry");

    /// <summary>Makes the adapter's registration.</summary>
    /// <param name="sandbox">The sandbox, for its address, secrets and repositories.</param>
    /// <param name="http">The client for the API, owned by the caller.</param>
    /// <param name="pollInterval">The time between two looks; null: <see cref="DefaultPollInterval"/>.</param>
    public static AdapterRegistration Create(DeliverySandbox sandbox, HttpClient http, TimeSpan? pollInterval = null)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(http);
        return Create(sandbox.Addresses, sandbox.Secrets, sandbox.Repositories, http, pollInterval ?? DefaultPollInterval);
    }

    internal static AdapterRegistration Create(SandboxAddresses addresses, SandboxSecrets secrets, IReadOnlyList<string> repositories, HttpClient http, TimeSpan pollInterval)
    {
        var facts = new ImageFacts(addresses.Registry);
        return new AdapterRegistration
        {
            Name = Name,
            Writers = [Writer],
            Gates = [Gates.ImageBuilt],
            Authenticator = new SharedSecretAuthenticator("Authorization", "Bearer " + secrets.RegistryWebhookToken),
            Translator = new RegistryTranslator(facts, repositories),
            Probe = new RegistryProbe(new SystemReader(http, addresses.Registry, secrets.RegistryToken, OciMediaTypes.Manifests), facts, repositories),
            ProbeSchemes = [KeySchemes.Image, KeySchemes.Commit],
            PollInterval = pollInterval,
            HintDelay = HintDelay,
            // A registry repeats what is refused for ever, and everything after it waits (wire.md 5.1).
            MalformedStatusCode = 202,
        };
    }
}
