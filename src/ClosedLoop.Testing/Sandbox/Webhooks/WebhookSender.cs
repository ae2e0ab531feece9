using System.Net;

namespace ClosedLoop.Testing.Sandbox.Webhooks;

/// <summary>
/// Sends webhooks over HTTP, through chaos, with each system's own habit of retrying (wire.md 0.1): source hosts, Jenkins and who sends
/// CDEvents never do, Argo and Flux give up after some tries, the registry never does.
/// </summary>
internal sealed class WebhookSender(SandboxOptions options, TimeProvider time) : IWebhookOutbox, IDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly DeliveryChaos _chaos = new(options);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 16 }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Task> _inFlight = [];
    private Uri? _target;
    private SandboxDeliveries _deliveries = new();

    public SandboxDeliveries Deliveries
    {
        get
        {
            lock (_lock) return _deliveries;
        }
    }

    /// <summary>From now on, webhooks go here; null: nobody listens and none are sent.</summary>
    public void SendTo(Uri? target) => _target = target;

    public void Post(WebhookMessage message)
    {
        var fate = _chaos.Next();
        if (_target is not { } target) return;
        Count(d => d with
        {
            Raised = d.Raised + 1,
            Dropped = d.Dropped + (fate.IsDropped ? 1 : 0),
            Duplicated = d.Duplicated + (fate.IsTwice ? 1 : 0),
            Delayed = d.Delayed + (fate.IsLate ? 1 : 0),
        });
        var address = new Uri(target, message.Source);
        foreach (var delay in fate.Delays) Track(SendAsync(message, address, delay / options.Speed, _stop.Token));
    }

    /// <summary>Completes when everything that was posted has arrived or been given up.</summary>
    public async Task WhenEmptyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task[] rest;
            lock (_lock) rest = [.. _inFlight];
            if (rest.Length == 0) return;
            await Task.WhenAll(rest).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _http.Dispose();
        _stop.Dispose();
    }

    private async Task SendAsync(WebhookMessage message, Uri address, TimeSpan delay, CancellationToken cancellationToken)
    {
        // Not on the world's thread, which holds its lock.
        await Task.Yield();
        try
        {
            if (delay > TimeSpan.Zero) await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
            var pause = FirstRetry;
            for (int attempt = 1; ; attempt++)
            {
                var status = await TryAsync(message, address, cancellationToken).ConfigureAwait(false);
                if (status is { } code && (int)code is >= 200 and < 300)
                {
                    Count(static d => d with { Accepted = d.Accepted + 1 });
                    return;
                }
                if (!RetriesAfter(message.Target, status, attempt)) break;
                Count(static d => d with { Retried = d.Retried + 1 });
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
                pause = pause * 2 < LongestRetry ? pause * 2 : LongestRetry;
            }
            Count(static d => d with { Lost = d.Lost + 1 });
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Count(static d => d with { Lost = d.Lost + 1 });
        }
    }

    private static bool RetriesAfter(WebhookTarget target, HttpStatusCode? status, int attempt) => target switch
    {
        WebhookTarget.Registry => true,
        WebhookTarget.Flux => attempt <= 4 && status is null or >= HttpStatusCode.InternalServerError,
        WebhookTarget.ArgoCD or WebhookTarget.ArgoRollouts => attempt <= 3 && status is null or >= HttpStatusCode.InternalServerError,
        _ => false,
    };

    private async Task<HttpStatusCode?> TryAsync(WebhookMessage message, Uri address, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(message.Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", message.ContentType);
        foreach (var (name, value) in message.Headers) request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private void Track(Task task)
    {
        lock (_lock) _inFlight.Add(task);
        _ = task.ContinueWith(t => { lock (_lock) _inFlight.Remove(t); }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Count(Func<SandboxDeliveries, SandboxDeliveries> change)
    {
        lock (_lock) _deliveries = change(_deliveries);
    }
}
