using ClosedLoop.Adapters.GitOps.Flux;
using ClosedLoop.Adapters.GitOps.Reading;
using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.GitOps;

/// <summary>Flux as a writer of the gates <c>rolled-out</c> and <c>healthy</c>: events, and Kustomizations and HelmReleases that are read from the cluster.</summary>
public static class FluxAdapter
{
    /// <summary>The adapter's default name and the last segment of its webhook's address: <c>flux</c>.</summary>
    public const string Name = "flux";

    private const string Section = "Flux";

    private const string Expected = "a Kustomization or HelmRelease, an event of the notification controller, or a list of them";

    /// <summary>The writer of what was rolled out, unless the adapter has another name, <c>deployer:flux</c>; of health it is <c>health:flux</c>.</summary>
    public static Writer Writer { get; } = new(WriterRoles.Deployer, Name);

    /// <summary>Makes the adapter from options, which are checked and copied.</summary>
    /// <param name="options">Where it is, and which of its objects count.</param>
    /// <param name="http">Sends the requests; made with <see cref="CreateHandler"/>, without a time limit of its own. It is not disposed.</param>
    /// <param name="time">The clock of time limits and of <c>Retry-After</c>.</param>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static AdapterRegistration Create(FluxOptions options, HttpClient http, TimeProvider time)
    {
        var settings = GitOpsRegistration.Check(options, Section);
        return GitOpsRegistration.Create(options, settings, "the cluster", Expected, new FluxReader(), Lists(options), http, time);
    }

    /// <summary>Makes a message handler as this adapter needs it: no redirects, no cookies, and the configured certificate authority only.</summary>
    public static SocketsHttpHandler CreateHandler(FluxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return GitOpsRegistration.CreateHandler(options);
    }

    /// <summary>Says what the adapter makes of a Kustomization or HelmRelease, an event of the notification controller, or a list of them, of any target; the environment is the object's namespace.</summary>
    /// <param name="input">JSON.</param>
    /// <param name="eventName">Not used: the kind is in the object.</param>
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName) => new GitOpsTranslator(Expected, new FluxReader(), GitOpsSettings.Open(Name)).Explain(input);

    private static IEnumerable<ObjectList> Lists(FluxOptions options) =>
        [.. ObjectList.Of("kustomize.toolkit.fluxcd.io/v1", "kustomizations", FluxReader.Kustomization, [.. options.Namespaces]), .. ObjectList.Of("helm.toolkit.fluxcd.io/v2", "helmreleases", FluxReader.HelmRelease, [.. options.Namespaces])];
}
