using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.AspNetCore.Api.Incidents;

internal sealed record HandOffBody(string Agent, DateTimeOffset At, DateTimeOffset Until, string? Answer, string? Note)
{
    public static HandOffBody? Of(HandOff? handOff) =>
        handOff is null ? null : new HandOffBody(handOff.Agent, handOff.At, handOff.Until, handOff.Answer is { } answer ? Names.Of(answer) : null, handOff.Note);
}
