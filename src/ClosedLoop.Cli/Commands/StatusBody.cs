using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Reading;

namespace ClosedLoop.Cli.Commands;

/// <summary>Where everything stands.</summary>
/// <param name="Pipelines">Counts by pipeline and gate, as the API's board.</param>
/// <param name="Incidents">What holds items up; null when the record cannot say.</param>
/// <param name="Items">The items that were searched for; null without a search.</param>
internal sealed record StatusBody(IReadOnlyList<BoardPipelineBody> Pipelines, IReadOnlyList<IncidentLine>? Incidents, IReadOnlyList<ItemBody>? Items);
