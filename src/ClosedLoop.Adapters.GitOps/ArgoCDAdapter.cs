using ClosedLoop.Adapters.GitOps.ArgoCD;
using ClosedLoop.Adapters.GitOps.Reading;
using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.GitOps;

/// <summary>Argo CD as a writer of the gates <c>rolled-out</c> and <c>healthy</c>: notifications, and applications that are read from its API or its cluster.</summary>
public static class ArgoCDAdapter
{
    /// <summary>The adapter's default name and the last segment of its webhook's address: <c>argocd</c>.</summary>
    public const string Name = "argocd";

    private const string Section = "ArgoCD";

    private static readonly string[] AskedFields =
    [
        "metadata.name", "metadata.namespace", "metadata.creationTimestamp", "metadata.deletionTimestamp", "status.summary", "status.sync.status", "status.sync.revision", "status.health",
        "status.operationState.phase", "status.operationState.startedAt", "status.operationState.finishedAt",
    ];

    private const string Expected = "an Application, a notification with one, or a list of them";

    /// <summary>The writer of what was rolled out, unless the adapter has another name, <c>deployer:argocd</c>; of health it is <c>health:argocd</c>.</summary>
    public static Writer Writer { get; } = new(WriterRoles.Deployer, Name);

    /// <summary>Makes the adapter from options, which are checked and copied.</summary>
    /// <param name="options">Where it is, and which of its objects count.</param>
    /// <param name="http">Sends the requests; made with <see cref="CreateHandler"/>, without a time limit of its own. It is not disposed.</param>
    /// <param name="time">The clock of time limits and of <c>Retry-After</c>.</param>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static AdapterRegistration Create(ArgoCDOptions options, HttpClient http, TimeProvider time)
    {
        var settings = GitOpsRegistration.Check(options, Section);
        return GitOpsRegistration.Create(options, settings, "Argo CD", Expected, new ApplicationReader(), Lists(options), http, time);
    }

    /// <summary>Makes a message handler as this adapter needs it: no redirects, no cookies, and the configured certificate authority only.</summary>
    public static SocketsHttpHandler CreateHandler(ArgoCDOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return GitOpsRegistration.CreateHandler(options);
    }

    /// <summary>Says what the adapter makes of an Application, a notification with one, or a list of them, of any target; the environment is the object's namespace.</summary>
    /// <param name="input">JSON.</param>
    /// <param name="eventName">Not used: the kind is in the object.</param>
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName) => new GitOpsTranslator(Expected, new ApplicationReader(), GitOpsSettings.Open(Name)).Explain(input);

    private static IEnumerable<ObjectList> Lists(ArgoCDOptions options) =>
        options.Source == ArgoCDSource.Kubernetes
            ? ObjectList.Of("argoproj.io/v1alpha1", "applications", "Application", [.. options.Namespaces])
            : Applications([.. options.Namespaces]);

    // The API leaves out of an answer what is not asked for, and knows only certain fields (its appFields); manifests and parameters are none
    // of our business.
    private static IEnumerable<ObjectList> Applications(IReadOnlyCollection<string> namespaces)
    {
        string fields = "fields=metadata.resourceVersion," + string.Join(',', AskedFields.Select(static f => "items." + f));
        return namespaces.Count == 0
            ? [new ObjectList($"api/v1/applications?{fields}", "Application")]
            : namespaces.Select(n => new ObjectList($"api/v1/applications?{fields}&appNamespace={Uri.EscapeDataString(n)}", "Application"));
    }
}
