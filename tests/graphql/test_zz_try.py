import time
from tests.graphql.rows import *
async def test_try(house):
    t=time.time(); big=await crowd(house,60); print("crowd",time.time()-t)
    await fill(big,[row(f"k{i}",agent=f"A{i}",caller=f"+97798120{i:05}") for i in range(1000)])
    for n in (100,499):
        for flt in ('filter:{queues:[%s]}'%",".join(f'"q{i}"' for i in range(n)),'filter:{or:[%s]}'%",".join('{queues:["%s"]}'%i for i in range(n))):
          t=time.time(); a=await big.answer("{agents(first:1000){nodes{calls(first:1,%s){nodes{id}}}}}"%flt); print(n, time.time()-t, str(a)[-300:], flush=True)
