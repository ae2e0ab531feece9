using ClosedLoop.Adapters.GitOps.ArgoRollouts;
using ClosedLoop.Adapters.GitOps.Reading;
using ClosedLoop.Facts;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.GitOps;

/// <summary>Argo Rollouts as a writer of the gates <c>rolled-out</c> and <c>healthy</c>: notifications, and rollouts that are read from the cluster.</summary>
public static class ArgoRolloutsAdapter
{
    /// <summary>The adapter's default name and the last segment of its webhook's address: <c>argo-rollouts</c>.</summary>
    public const string Name = "argo-rollouts";

    private const string Section = "ArgoRollouts";

    private const string Expected = "a Rollout, a notification with one, or a list of them";

    /// <summary>The writer of what was rolled out, unless the adapter has another name, <c>deployer:argo-rollouts</c>; of health it is <c>health:argo-rollouts</c>.</summary>
    public static Writer Writer { get; } = new(WriterRoles.Deployer, Name);

    /// <summary>Makes the adapter from options, which are checked and copied.</summary>
    /// <param name="options">Where it is, and which of its objects count.</param>
    /// <param name="http">Sends the requests; made with <see cref="CreateHandler"/>, without a time limit of its own. It is not disposed.</param>
    /// <param name="time">The clock of time limits and of <c>Retry-After</c>.</param>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and how to fix it.</exception>
    public static AdapterRegistration Create(ArgoRolloutsOptions options, HttpClient http, TimeProvider time)
    {
        var settings = GitOpsRegistration.Check(options, Section);
        return GitOpsRegistration.Create(options, settings, "the cluster", Expected, new RolloutReader(), Lists(options), http, time);
    }

    /// <summary>Makes a message handler as this adapter needs it: no redirects, no cookies, and the configured certificate authority only.</summary>
    public static SocketsHttpHandler CreateHandler(ArgoRolloutsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return GitOpsRegistration.CreateHandler(options);
    }

    /// <summary>Says what the adapter makes of a Rollout, a notification with one, or a list of them, of any target; the environment is the object's namespace.</summary>
    /// <param name="input">JSON.</param>
    /// <param name="eventName">Not used: the kind is in the object.</param>
    public static PayloadExplanation Explain(ReadOnlyMemory<byte> input, string? eventName) => new GitOpsTranslator(Expected, new RolloutReader(), GitOpsSettings.Open(Name)).Explain(input);

    private static IEnumerable<ObjectList> Lists(ArgoRolloutsOptions options) =>
        ObjectList.Of("argoproj.io/v1alpha1", "rollouts", "Rollout", [.. options.Namespaces]);
}
