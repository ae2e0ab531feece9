using ClosedLoop.Testing.Sandbox.Cluster;
using ClosedLoop.Testing.Sandbox.Http;
using ClosedLoop.Testing.Sandbox.Jenkins;
using ClosedLoop.Testing.Sandbox.Webhooks;
using ClosedLoop.Testing.Sandbox.World;

namespace ClosedLoop.Testing.Sandbox;

/// <summary>
/// Plays a whole delivery on loopback: GitHub (or GitLab or Gitea), Jenkins, an image registry and a cluster, over real HTTP with their real payload
/// shapes, signatures and tokens, and with webhooks that get lost, arrive twice or overtake each other; the cluster sends none, and can be
/// watched. The adapters of ClosedLoop read it as they read the real ones. A seed decides everything that happens; <see cref="Truth"/> knows how things really are.
/// </summary>
/// <remarks>
/// <see cref="StartAsync"/> opens the ports; nothing happens until <see cref="Begin"/>, since the system under test must know
/// the addresses first. In this world few commits have a build of their own, fewer an image, and each rollout brings several; builds are
/// red or given up, versions are rolled back, changes reverted. Safe from several threads.
/// </remarks>
public sealed class DeliverySandbox : IAsyncDisposable
{
    /// <summary>The namespace of the cluster in which everything runs: <c>production</c>.</summary>
    public const string Namespace = SandboxDeployment.Namespace;

    private readonly SandboxServer _server;
    private readonly WebhookSender _sender;
    private readonly DeliveryWorld _world;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task? _run;
    private int _begun;
    private int _disposed;

    private DeliverySandbox(SandboxServer server, SandboxOptions options, TimeProvider time)
    {
        _server = server;
        _sender = new WebhookSender(options, time);
        _world = new DeliveryWorld(options, server.Addresses, time, _sender);
        server.Serve([.. _world.Apis]);
    }

    /// <summary>Where the systems listen.</summary>
    public SandboxAddresses Addresses => State.Addresses;

    /// <summary>The secrets that both sides need.</summary>
    public SandboxSecrets Secrets => State.Secrets;

    /// <summary>How things really are.</summary>
    public SandboxTruth Truth => State.Truth;

    /// <summary>What became of the webhooks so far.</summary>
    public SandboxDeliveries Deliveries => _sender.Deliveries;

    /// <summary>The repositories, <c>owner/name</c>; the registry's image repositories have the same names.</summary>
    public IReadOnlyList<string> Repositories => State.Options.Repositories;

    /// <summary>The CI job of each repository's target branch: the job's path by the repository's name.</summary>
    public IReadOnlyDictionary<string, string> JenkinsJobs => State.Options.Repositories.ToDictionary(static r => r, JenkinsState.Job, StringComparer.Ordinal);

    /// <summary>Where the services run: two targets for each repository.</summary>
    public IReadOnlyList<SandboxTarget> Targets => [.. _world.Targets];

    /// <summary>How many changes are planned. Repairs and reverts come on top, as the world finds that it needs them.</summary>
    public int PlannedChanges => _world.PlannedChanges;

    /// <summary>What has happened in the world so far.</summary>
    public SandboxStatistics Statistics => _world.Count();

    /// <summary>
    /// Completes when every change has come to its end and every webhook has arrived or was given up; fails when
    /// <see cref="SandboxOptions.OpenItem"/> failed; is cancelled when the sandbox is disposed before that.
    /// </summary>
    public Task Completion => _completion.Task;

    /// <summary>Opens the ports and decides what will happen.</summary>
    /// <param name="options">What happens.</param>
    /// <param name="time">The clock that everything follows.</param>
    /// <param name="cancellationToken">Gives up opening the ports.</param>
    /// <exception cref="ArgumentException">An option is out of its range; the message names it and the fix.</exception>
    public static async Task<DeliverySandbox> StartAsync(SandboxOptions options, TimeProvider time, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        return new DeliverySandbox(await SandboxServer.StartAsync(cancellationToken).ConfigureAwait(false), options, time);
    }

    /// <summary>Lets the world begin.</summary>
    /// <param name="webhookTarget">
    /// Where webhooks go, such as <c>http://127.0.0.1:5000/hooks/</c>: the source host's to <c>github</c>, <c>gitlab</c> or <c>gitea</c> below it, and so on with
    /// <c>jenkins</c>, <c>registry</c> and the system that rolls out: <c>argocd</c>, <c>flux</c>, <c>argo-rollouts</c> or <c>cdevents</c> (the cluster sends none).
    /// Null: none are sent, and only who asks the systems learns anything.
    /// </param>
    /// <exception cref="ArgumentException">The address is not absolute, or does not end with a slash.</exception>
    /// <exception cref="InvalidOperationException">The world has begun before.</exception>
    public void Begin(Uri? webhookTarget)
    {
        if (webhookTarget is not null && (!webhookTarget.IsAbsoluteUri || !webhookTarget.AbsolutePath.EndsWith('/')))
            throw new ArgumentException($"The webhook target must be an absolute address that ends with a slash, not '{webhookTarget}'.", nameof(webhookTarget));
        if (Interlocked.Exchange(ref _begun, 1) != 0) throw new InvalidOperationException("The sandbox's world has begun already; start another sandbox.");
        _sender.SendTo(webhookTarget);
        _run = Task.Run(RunAsync);
    }

    /// <summary>Stops the world and closes the ports. Doing it again does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        await _stop.CancelAsync().ConfigureAwait(false);
        lock (State.Lock) State.Cluster.Close();
        if (_run is not null) await _run.ConfigureAwait(false);
        _completion.TrySetCanceled();
        _sender.Dispose();
        await _server.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    private WorldState State => _world.State;

    private async Task RunAsync()
    {
        try
        {
            _world.Greet();
            await State.Schedule.RunAsync(_stop.Token).ConfigureAwait(false);
            await _sender.WhenEmptyAsync(_stop.Token).ConfigureAwait(false);
            _completion.TrySetResult();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            _completion.TrySetCanceled(_stop.Token);
        }
        // Whatever the host's own callback throws belongs to whoever awaits the completion.
#pragma warning disable CA1031
        catch (Exception exception)
        {
            _completion.TrySetException(exception);
        }
#pragma warning restore CA1031
    }
}
