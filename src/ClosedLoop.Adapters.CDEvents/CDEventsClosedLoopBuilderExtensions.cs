using ClosedLoop.Adapters;
using ClosedLoop.Adapters.CDEvents;
using ClosedLoop.Adapters.CDEvents.Outgoing;
using ClosedLoop.Hosting;
using ClosedLoop.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds CDEvents to ClosedLoop, in and out.</summary>
public static class CDEventsClosedLoopBuilderExtensions
{
    private const string ClientName = "ClosedLoop.CDEvents";

    /// <summary>Takes CDEvents from the configured sources. Its options are checked when the host starts.</summary>
    /// <exception cref="OptionsValidationException">At start: an option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddCDEvents(this ClosedLoopBuilder loop, Action<CDEventsOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new CDEventsOptions();
        configure(options);
        return loop.AddAdapter(_ => CDEventsAdapter.Create(options));
    }

    /// <summary>
    /// Sends every transition of the record as a CDEvent to one address, in order, at least once, while the host runs. Several sinks have
    /// different names and cursor files.
    /// </summary>
    /// <exception cref="OptionsValidationException">An option is missing or wrong; the message names each one and the fix.</exception>
    public static ClosedLoopBuilder AddCDEventsSink(this ClosedLoopBuilder loop, Action<CDEventsSinkOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(loop);
        ArgumentNullException.ThrowIfNull(configure);
        var options = new CDEventsSinkOptions();
        configure(options);
        var problems = CDEventsSinkOptionsValidation.Problems(options);
        if (problems.Count > 0) throw new OptionsValidationException($"{CDEventsSinkOptionsValidation.Section}:{options.Name}", typeof(CDEventsSinkOptions), problems);
        options = options.Copy();
        string client = $"{ClientName}.{options.Name}";
        loop.Services.AddHttpClient(client, static http => http.Timeout = Timeout.InfiniteTimeSpan).ConfigurePrimaryHttpMessageHandler(static () => SourceClient.CreateHandler()).RemoveAllLoggers();
        loop.Services.AddSingleton<IHostedService>(services =>
        {
            var time = services.GetRequiredService<TimeProvider>();
            var post = new EventPost(options, services.GetRequiredService<IHttpClientFactory>().CreateClient(client), time);
            return new TransitionFollower(options, services.GetRequiredService<ILoopQueries>(), services.GetRequiredService<ILoopStore>(), post, time, services.GetRequiredService<ILogger<TransitionFollower>>());
        });
        return loop;
    }
}
