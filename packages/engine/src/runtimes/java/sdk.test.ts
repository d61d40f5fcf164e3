import { expect, it } from 'vitest'
import { needs } from '../../../../../test/harness/needs.ts'
import { compileForTest } from './test/classes.ts'

const TRIGGERS = `import com.huawei.services.runtime.Context;
import com.huawei.services.runtime.RuntimeLogger;
import com.huawei.services.runtime.entity.apig.*;
import com.huawei.services.runtime.entity.dis.DISTriggerEvent;
import com.huawei.services.runtime.entity.dms.DMSTriggerEvent;
import com.huawei.services.runtime.entity.lts.LTSTriggerEvent;
import com.huawei.services.runtime.entity.smn.SMNTriggerEvent;
import com.huawei.services.runtime.entity.timer.TimerTriggerEvent;

public class Triggers {
  public APIGTriggerResponse gateway(APIGTriggerEvent event, Context context) {
    context.getLogger().log(event.getHttpMethod() + event.getQueryStringParameters());
    return new APIGTriggerResponse(200, event.getHeaders(), event.getRawBody());
  }
  public String stream(DISTriggerEvent event, Context context) throws Exception {
    return event.getMessage().getRecords()[0].getRawData();
  }
  public String logs(LTSTriggerEvent event, Context context) throws Exception {
    return event.getLts().getRawData();
  }
  public String rest(DMSTriggerEvent queue, SMNTriggerEvent notice, TimerTriggerEvent timer) {
    return queue.getMessages()[0].getBody() + notice.getRecord()[0].getSmn().getMessage()
        + timer.getUserEvent();
  }
  public void start(Context context) {
    RuntimeLogger logger = context.getLogger();
    logger.info(context.getUserData("key") + context.getRemainingTimeInMilliSeconds());
  }
}
`

it("compiles against the platform's declarations for Java 8, and writes none of them", (context) => {
  needs(context, 'java')
  const classes = compileForTest({ 'Triggers.java': TRIGGERS }, [
    '--release',
    '8',
    '-Xlint:-options',
  ])
  expect(Object.keys(classes)).toEqual(['Triggers.class'])
})
