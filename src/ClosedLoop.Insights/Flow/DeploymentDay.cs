namespace ClosedLoop.Insights.Flow;

/// <summary>One day of an environment, in UTC.</summary>
/// <param name="Day">The day.</param>
/// <param name="Deployments">How many deployments finished; one that carries many changes is one.</param>
/// <param name="Failures">How many of the deployments of this day failed, whenever that was noticed.</param>
/// <param name="Recoveries">How many failures ended on this day.</param>
public sealed record DeploymentDay(DateOnly Day, int Deployments, int Failures, int Recoveries);
