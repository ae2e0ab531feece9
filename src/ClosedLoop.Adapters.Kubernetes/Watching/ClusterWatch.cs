using System.Threading.Channels;
using ClosedLoop.Adapters.Kubernetes.Client;
using ClosedLoop.Facts;
using ClosedLoop.Intake;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Adapters.Kubernetes.Watching;

/// <summary>
/// Watches the workloads of the configured namespaces and brings the next sweep forward when one changes. It makes no facts: the sweep reads the
/// cluster as it is then, within its budget, and so a lost, late or doubled event changes nothing.
/// </summary>
internal sealed partial class ClusterWatch(string source, KubernetesSettings settings, KubernetesClient client, IIntake intake, TimeProvider time, ILogger logger) : BackgroundService
{
    // A rollout changes a Deployment many times a second; one sweep reads all of it.
    private static readonly TimeSpan MinInterval = TimeSpan.FromSeconds(1);

    private static readonly string[] Kinds = ["deployments", "statefulsets", "daemonsets"];

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Of several changes only the newest has to be told: the sweep comes after all of them.
        var changes = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        var watches = from space in settings.Namespaces
                      from kind in Kinds
                      select new CollectionWatch(client, $"apis/apps/v1/namespaces/{space.Name}/{kind}", space.LabelSelector, change => changes.Writer.TryWrite(change), time, logger).RunAsync(stoppingToken);
        return Task.WhenAll(watches.Append(TellAsync(changes.Reader, stoppingToken)));
    }

    private async Task TellAsync(ChannelReader<string> changes, CancellationToken stoppingToken)
    {
        try
        {
            await foreach (string change in changes.ReadAllAsync(stoppingToken).ConfigureAwait(false))
            {
                await SubmitAsync(change, stoppingToken).ConfigureAwait(false);
                await Task.Delay(MinInterval, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async ValueTask SubmitAsync(string change, CancellationToken stoppingToken)
    {
        try
        {
            // The same change seen by several processes is one delivery; the key belongs to no item, and so the whole source is read.
            await intake.SubmitAsync(new Submission { Source = source, ReceivedAt = time.GetUtcNow(), DeliveryId = change, Hints = [Key.Create("source", source)] }, stoppingToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogNotTold(logger, e, change);
        }
    }

    [LoggerMessage(2, LogLevel.Warning, "The change {Change} could not be told; the next sweep finds it")]
    private static partial void LogNotTold(ILogger logger, Exception exception, string change);
}
