using MassTransit;

namespace ClosedLoop.LoadRig.Peer;

/// <summary>The seven gates as a saga, the way its manual shows: each state takes the event of the next gate.</summary>
public sealed class PeerMachine : MassTransitStateMachine<PeerItem>
{
    public PeerMachine(PeerCount count)
    {
        ArgumentNullException.ThrowIfNull(count);
        InstanceState(static item => item.CurrentState);
        Initially(When(OnPrOpened).TransitionTo(InReview));
        During(InReview, When(OnReviewed).TransitionTo(Approved));
        During(Approved, When(OnMerged).TransitionTo(OnMain));
        During(OnMain, When(OnMainCiPassed).TransitionTo(Tested));
        During(Tested, When(OnImageBuilt).TransitionTo(Built));
        During(Built, When(OnRolledOut).TransitionTo(Running));
        During(Running, When(OnHealthy).Then(_ => count.AddCompleted()).TransitionTo(Complete));
    }

    public State InReview { get; private set; } = null!;

    public State Approved { get; private set; } = null!;

    public State OnMain { get; private set; } = null!;

    public State Tested { get; private set; } = null!;

    public State Built { get; private set; } = null!;

    public State Running { get; private set; } = null!;

    public State Complete { get; private set; } = null!;

    public Event<PrOpened> OnPrOpened { get; private set; } = null!;

    public Event<Reviewed> OnReviewed { get; private set; } = null!;

    public Event<Merged> OnMerged { get; private set; } = null!;

    public Event<MainCiPassed> OnMainCiPassed { get; private set; } = null!;

    public Event<ImageBuilt> OnImageBuilt { get; private set; } = null!;

    public Event<RolledOut> OnRolledOut { get; private set; } = null!;

    public Event<Healthy> OnHealthy { get; private set; } = null!;
}
