using ClosedLoop.Adapters.Kubernetes.Actions;
using ClosedLoop.Adapters.Kubernetes.Client;
using ClosedLoop.Adapters.Kubernetes.Explaining;
using ClosedLoop.Adapters.Kubernetes.Probing;
using ClosedLoop.Adapters.Kubernetes.Watching;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.Kubernetes;

/// <summary>
/// Kubernetes as the writer of the gates <c>rolled-out</c> and <c>healthy</c>: what <c>kubectl rollout status</c> would say, together with
/// the image digests that its pods really run.
/// </summary>
public static class KubernetesAdapter
{
    /// <summary>The adapter's name unless <see cref="KubernetesOptions.Name"/> gives another: <c>kubernetes</c>.</summary>
    public const string Name = "kubernetes";

    // A change of a Deployment's status comes after that of its pods; what belongs to one step of a rollout comes within this.
    private static readonly TimeSpan HintDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>The writer of what is rolled out, <c>deployer:kubernetes</c>.</summary>
    public static Writer Writer { get; } = new(WriterRoles.Deployer, Name);

    /// <summary>The writer of what is healthy, <c>health:kubernetes</c>.</summary>
    public static Writer HealthWriter { get; } = new(WriterRoles.Health, Name);

    /// <summary>Makes the adapter from options, which are checked and copied.</summary>
    /// <param name="options">Which cluster, and which of its workloads.</param>
    /// <param name="http">Sends the requests; made with <see cref="CreateHandler"/>, without a time limit of its own. It is not disposed.</param>
    /// <param name="time">The clock of time limits, of <c>Retry-After</c> and of reading the token again.</param>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static AdapterRegistration Create(KubernetesOptions options, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        var access = Check(options);
        return new AdapterRegistration
        {
            Name = options.Name,
            Writers = [Writer, HealthWriter],
            Gates = [Gates.RolledOut, Gates.Healthy],
            Probe = new KubernetesProbe(KubernetesSettings.From(options), new KubernetesClient(access, options.RequestTimeout, http, time)),
            ProbeSchemes = [KeySchemes.Environment],
            PollInterval = options.PollInterval,
            CallsPerHour = options.CallsPerHour,
            HintDelay = HintDelay,
        };
    }

    /// <summary>Makes the action that rolls Deployments, StatefulSets and DaemonSets back. It refuses unless <see cref="KubernetesOptions.AllowRollback"/> is set.</summary>
    /// <param name="options">Which cluster, and which of its namespaces.</param>
    /// <param name="http">As for <see cref="Create"/>.</param>
    /// <param name="time">As for <see cref="Create"/>.</param>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static KubernetesRollback CreateRollback(KubernetesOptions options, HttpClient http, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(time);
        var access = Check(options);
        return new KubernetesRollback(KubernetesSettings.From(options), new KubernetesClient(access, options.RequestTimeout, http, time), options.AllowRollback);
    }

    /// <summary>Makes a message handler as this adapter needs it: no redirects, no cookies, the cluster's own authorities, the client certificate.</summary>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static SocketsHttpHandler CreateHandler(KubernetesOptions options) => Check(options).CreateHandler();

    /// <summary>
    /// What the adapter makes of objects of the API: one object, a List, an array, or several documents one after the other, as
    /// <c>kubectl get -o json</c> or <c>-o yaml</c> writes them. Workloads are judged; ReplicaSets and pods say what really runs.
    /// </summary>
    /// <param name="input">JSON or YAML (without aliases). Anything else gives a reason in <see cref="PayloadExplanation.Ignored"/>.</param>
    /// <param name="eventName">Not used: Kubernetes sends no webhooks.</param>
    /// <returns>
    /// One fact for each workload. Its summary has <c>rollout</c> (<c>done</c>, <c>waiting</c>, <c>failed</c>; the worst of several workloads),
    /// <c>message</c> (kubectl's words), <c>digests</c> (what runs) and <c>health</c>.
    /// </returns>
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName = null) => ClusterExplanation.Of(input);

    internal static ClusterWatch CreateWatch(KubernetesOptions options, HttpClient http, IIntake intake, TimeProvider time, ILogger logger) =>
        new(options.Name, KubernetesSettings.From(options), new KubernetesClient(Check(options), options.RequestTimeout, http, time), intake, time, logger);

    private static ClusterAccess Check(KubernetesOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = KubernetesOptionsValidation.Problems(options);
        if (problems.Count > 0) throw new OptionsValidationException(KubernetesOptionsValidation.Section, typeof(KubernetesOptions), problems);
        return ClusterAccess.Resolve(options, problems)!;
    }
}
