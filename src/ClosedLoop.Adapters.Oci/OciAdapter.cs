using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Oci;

/// <summary>
/// A container registry as the writer of the gate <c>image-built</c>: notifications of pushes, and the OCI distribution API that is read to learn
/// what an image is made of and from, and to repair what notifications miss.
/// </summary>
public static class OciAdapter
{
    /// <summary>The adapter's name unless <see cref="OciOptions.Name"/> is another, and the last segment of its webhook's address: <c>oci</c>.</summary>
    public const string Name = "oci";

    /// <summary>The largest webhook body that is taken: 4 MB.</summary>
    public const int MaxBodyBytes = 4 * 1024 * 1024;

    // A notification names no commit: until its image is read, nothing is known of any item. What belongs to one push comes within this.
    private static readonly TimeSpan HintDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>The writer of this adapter's facts, unless it has another name: <c>registry:oci</c>.</summary>
    public static Writer Writer { get; } = WriterOf(Name);

    /// <summary>The writer of the facts of a registry with this <see cref="OciOptions.Name"/>.</summary>
    public static Writer WriterOf(string name) => new(WriterRoles.Registry, name);

    /// <summary>Makes the adapter from options, which are checked and copied.</summary>
    /// <param name="options">Which registry, and which of its repositories.</param>
    /// <param name="http">
    /// Sends the requests; it must not follow redirects (see <see cref="SourceClient.CreateHandler"/>), and its own time limit should not be shorter than
    /// <see cref="OciOptions.RequestTimeout"/>. It is not disposed.
    /// </param>
    /// <param name="time">The clock of time limits, tokens and of <c>Retry-After</c>.</param>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static AdapterRegistration Create(OciOptions options, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        var problems = OciOptionsValidation.Problems(options);
        if (problems.Count > 0) throw new OptionsValidationException(OciOptionsValidation.Section, typeof(OciOptions), problems);
        var settings = OciSettings.From(options);
        var announced = new AnnouncedImages();
        return new AdapterRegistration
        {
            Name = settings.Name,
            Writers = [settings.Writer],
            Gates = [Gates.ImageBuilt],
            Authenticator = Authenticator(settings.Flavour, options.WebhookSecret!),
            Translator = new OciWebhookTranslator(settings, announced),
            Probe = new OciProbe(settings, new RegistryClient(settings, http, time), announced),
            ProbeSchemes = [KeySchemes.Image, KeySchemes.Commit],
            PollInterval = options.PollInterval,
            QuietPollInterval = options.QuietPollInterval,
            CallsPerHour = options.CallsPerHour,
            HintDelay = HintDelay,
            MaxBodyBytes = MaxBodyBytes,
            // A registry repeats what is refused for ever, and every later notification waits behind it (wire.md 5.1).
            MalformedStatusCode = 202,
        };
    }

    /// <summary>
    /// Says, offline, what ClosedLoop makes of a notification, of an event of Harbor or GitHub, or of a manifest, index or configuration as a registry
    /// answers with it; or of an array or a sequence of them. Never throws for what is in it.
    /// </summary>
    /// <param name="input">The file's bytes: a manifest's digest is computed from them.</param>
    /// <param name="eventName">GitHub's event (<c>package</c>, <c>registry_package</c>), or null: the content tells.</param>
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName) => OciExplanation.Of(input, eventName);

    private static IWebhookAuthenticator Authenticator(OciFlavour flavour, string secret) => flavour == OciFlavour.Ghcr
        ? new HmacAuthenticator("X-Hub-Signature-256", "sha256=", secret)
        : new AnyAuthenticator(new SharedSecretAuthenticator("Authorization", "Bearer " + secret), new SharedSecretAuthenticator("Authorization", secret));
}
