using ClosedLoop.Adapters;
using ClosedLoop.Deadlines;
using ClosedLoop.Intake;
using ClosedLoop.Outbox;
using ClosedLoop.Retention;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;
using ClosedLoop.Storage.InMemory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClosedLoop.Hosting;

/// <summary>Configures ClosedLoop: a store, adapters, pipelines, sinks. Everything is validated when the services are first used.</summary>
public sealed class ClosedLoopBuilder
{
    internal ClosedLoopBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services; extensions register their parts here.</summary>
    public IServiceCollection Services { get; }

    /// <summary>Uses a store. The last one counts.</summary>
    public ClosedLoopBuilder UseStore(Func<IServiceProvider, ILoopStore> create)
    {
        Services.RemoveAll<ILoopStore>();
        Services.AddSingleton(create);
        return this;
    }

    /// <summary>Keeps the record in memory only: for tests and demonstrations. This is the default.</summary>
    public ClosedLoopBuilder UseInMemory() => UseStore(static _ => new InMemoryLoopStore());

    /// <summary>Adds an adapter.</summary>
    public ClosedLoopBuilder AddAdapter(Func<IServiceProvider, AdapterRegistration> create)
    {
        Services.AddSingleton(create);
        return this;
    }

    /// <summary>Adds a pipeline; the first one is the default for items that name none. Without any, the default pipeline of mission/002 is used.</summary>
    /// <exception cref="InvalidOperationException">A rule of it is missing or contradicts another; the message says which and how to fix it.</exception>
    public ClosedLoopBuilder AddPipeline(string name, Action<PipelineBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var pipeline = new PipelineBuilder(name);
        configure(pipeline);
        Services.AddSingleton(pipeline.Build());
        return this;
    }

    /// <summary>Adds a sink for notifications. The log is always one.</summary>
    public ClosedLoopBuilder AddSink(Func<IServiceProvider, INotificationSink> create)
    {
        Services.AddSingleton(create);
        return this;
    }

    /// <summary>Posts notifications as signed JSON to an address.</summary>
    /// <exception cref="InvalidOperationException">An option is missing or wrong; the message names it and the fix.</exception>
    public ClosedLoopBuilder AddWebhookSink(Action<WebhookSinkOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var options = new WebhookSinkOptions();
        configure(options);
        var sink = new WebhookSink(options);
        return AddSink(_ => sink);
    }

    /// <summary>Sets the limits of the intake.</summary>
    public ClosedLoopBuilder ConfigureIntake(Action<IntakeOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>
    /// Says when limits' clocks stand still: freezes and business hours. A limit runs out after as much running time as it says.
    /// </summary>
    public ClosedLoopBuilder ConfigureLimits(Action<LimitOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>Adds a calendar of one's own; a limit's clock stands still while any calendar says so.</summary>
    public ClosedLoopBuilder AddLimitCalendar(Func<IServiceProvider, ILimitCalendar> create)
    {
        Services.AddSingleton(create);
        return this;
    }

    /// <summary>Says how long the record keeps what it does not need to say what is true now; ids of deliveries for 30 days, the rest for ever.</summary>
    public ClosedLoopBuilder ConfigureRetention(Action<RetentionOptions> configure)
    {
        Services.Configure(configure);
        return this;
    }

    /// <summary>Says who speaks through the injected <see cref="IClosedLoop"/>; the default is <c>agent:local</c>.</summary>
    /// <exception cref="ArgumentException">The writer is none, or is <see cref="Facts.Writer.Migration"/>: only a migration writes as that.</exception>
    public ClosedLoopBuilder SpeakAs(Facts.Writer writer)
    {
        if (!Facts.Writer.TryParse(writer.ToString(), out _)) throw new ArgumentException($"'{writer}' is not a writer; use a role and a name, such as Writer.Agent(\"builder-7\").", nameof(writer));
        if (writer == Facts.Writer.Migration) throw new ArgumentException($"Only a migration writes as {writer}; use ILoopMigration.", nameof(writer));
        Services.RemoveAll<DefaultWriter>();
        Services.AddSingleton(new DefaultWriter(writer));
        return this;
    }
}
